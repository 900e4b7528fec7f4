### O que os titulares leem, em português.

## Times

month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
date = { $day } de { $month } de { $year }
date-time = { $date }, { $time }
date-time-zone = { $date }, { $time } { $zone }
beyond-calendar = { $seconds } segundos depois de 1970

## Every page

languages = Idioma

## A document, open or not

document-from = Documento de { $issuer }
sealed-document-from = Documento selado de
issued = Emitido
readable-until = Pode ser lido até
opens-until = Abre até
opens-left = Aberturas restantes
opens-left-of = { $left } de { $most }
no-end = sem data final
token-id = Identificador
document = Documento

last-open = Este código não pode mais ser aberto.
last-open-advice = Deixe esta página aberta enquanto precisar do documento ou imprima-a. Durante dois minutos é possível recarregá-la.
opens-again =
    { $left ->
        [one] Este código pode ser aberto mais uma vez.
       *[other] Este código pode ser aberto mais { $left } vezes.
    }

download-json = Baixar JSON
copy-json = Copiar JSON
copied = Copiado
selected = Selecionado, agora copie
print = Imprimir
json-as-sealed = JSON como foi selado
what-the-seal-shows = O selo mostra que { $issuer } emitiu este documento e que ninguém o alterou desde então. Não mostra quem lhe entregou o código.

## Inside a document

yes = sim
no = não
nothing = não informado
empty-text = texto vazio
no-entries = nenhum item
empty = vazio
no-name = sem nome

## Reading on

level = Nível { $level }
levels = “Nível 5” ou mais antes de um título indica a que profundidade ele está no documento: a página é estreita demais para mostrá-la.
open-address = Abrir { $host }
write-to = Escrever um e-mail
call = Ligar
qr-code = Código QR deste documento
check-paper = Escaneie-o para comparar este papel com o documento.
whom-to-ask = A quem perguntar:

## Opening

open-once = Abre uma única vez
open-once-advice = Depois disso ninguém poderá abri-lo de novo. Olhar esta página não conta; apertar o botão, sim.
open-last = Abre mais uma vez
open-last-advice = Já foi aberto { $opened } de { $most } vezes. Depois da próxima ninguém poderá abri-lo de novo. Olhar esta página não conta; apertar o botão, sim.
open-several = Abre mais { $left } vezes
open-several-advice = Olhar esta página não conta; apertar o botão, sim.
open-pin = Precisa do PIN
open-pin-advice = Quem lhe deu o código informou o PIN ou o enviou por outro meio.
open-again = Você acabou de abri-lo
open-again-advice = Durante dois minutos este navegador pode mostrar o documento de novo, e isso não conta.
open-again-pin = O PIN é pedido de novo.
open-document = Abrir o documento
pin = PIN
pin-has-letters = O PIN tem letras
pin-with-letters = PIN com letras
pin-missing = Digite o PIN.
pin-impossible = Um PIN tem de 4 a 64 caracteres, sem espaços no começo ou no fim.
pin-wrong = O PIN está errado.
tries-left =
    { $left ->
        [0] Essa foi a última tentativa por enquanto.
        [one] Resta uma tentativa.
       *[other] Restam { $left } tentativas.
    }

## A code that leads elsewhere

link-from = Link de { $issuer }
code-from = Código de
link-leads-to = Este código leva a
link-check = Continue se você conhece este endereço e o esperava aqui.
link-opened = A abertura foi contada. O endereço só aparece aqui.
link-last-open = Este código não pode mais ser aberto.
link-looks-like = Cuidado: este endereço apenas se parece com
link-mixes-scripts = Cuidado: este endereço mistura letras de vários alfabetos e por isso pode parecer outro.
link-go = Continuar
link-not-ours = O que está neste endereço não vem de { $issuer }, e ninguém aqui o verificou.
open-link = Mostrar aonde leva
leads-from = Vai levar a algum lugar a partir de { $time }.

## Destroying

destroy = Terminei, destruir o código
destroy-question = Destruir o código?
destroy-warning = Ninguém mais poderá abrir o documento com ele, nem você, e isso não pode ser desfeito. { $issuer } verá que o titular o destruiu e quando.
destroy-keep = Para mantê-lo, não faça nada.
destroy-back = Mostrar o documento
destroy-for-good = Destruir definitivamente
destroyed = O código foi destruído
destroyed-since = Desde { $time } ele não abre mais, para ninguém.
destroyed-pages = Uma página em que o documento ainda apareça, neste telefone ou em outro, não some com isso: feche-a.

## At the desk

show-at-desk = Mostre este código na recepção
show-at-desk-advice = Lá a equipe vai escaneá-lo. O conteúdo não é mostrado a mais ninguém.
to-desk = Para a equipe: verificar este código
valid-until = Válido até
code-to-show = Código QR para mostrar
show-code-advice = Aproxime-o do leitor. Se ele não for lido, aumente o brilho da tela.

## Dead ends

what-to-do-now = O que fazer agora
try-again = Tentar de novo
start-page = Página inicial
problem = Problema
request-id = Número da solicitação

expired-at = Podia ser aberto até { $time }.
last-opened-at = Foi aberto pela última vez em { $time }.
withdrawn-by-issuer-at = O emissor o retirou em { $time }.
destroyed-by-holder-at = O titular o destruiu em { $time }.
pin-locked-until = Da sua rede, nenhum PIN é aceito até { $time }.
pin-locked-for-good = Nenhum PIN é aceito até que o emissor o desbloqueie.
staff-only = O código é para a equipe: ele é aberto na recepção, no registro de entrada.

problem-token_not_recognised = Este código não é reconhecido
    .explanation = O código foi lido, mas não foi emitido por este servidor: pode ser de outro serviço, estar cortado ou ter sido alterado. Qual dessas coisas é não se diz, para que ninguém descubra nada tentando.
    .next = Escaneie de novo o código inteiro, com boa luz. Se continuar assim, peça um novo a quem o deu a você.
problem-token_expired = Este código expirou
    .explanation = O código é autêntico, mas foi emitido com uma data final, e ela já passou.
    .next = Peça um novo a quem lhe deu o código.
problem-token_used_up = Este código já foi usado
    .explanation = O código é autêntico, mas só podia ser aberto um certo número de vezes, e alguém já fez isso. Prévias de links e solicitações repetidas não contam; conta quando uma pessoa o abre, ou um programa que aperta botões.
    .next = Se foi você, está tudo certo: o navegador que o abriu ainda pode mostrar o documento por dois minutos, e quem lhe deu o código pode fazer outro. Se não foi, avise essa pessoa: alguém mais o leu.
problem-token_revoked = Este código foi retirado
    .explanation = O código é autêntico, mas quem o emitiu ou o possuía o encerrou antes do tempo.
    .next = Peça um novo a quem lhe deu o código.
problem-token_gone = Aquilo a que este código levava não existe mais
    .explanation = O código é autêntico, mas o documento ficava no servidor e não está mais lá: expirou, esgotou-se ou foi retirado há algum tempo.
    .next = Peça um novo a quem lhe deu o código.
problem-token_closed = Este código está fechado por enquanto
    .explanation = O código é autêntico, mas só abre um número limitado de vezes ou pede um PIN, e o servidor foi restaurado a partir de um backup: ele não sabe se o código foi aberto desde então. Nenhuma abertura foi gasta.
    .next = Fale com quem lhe deu o código: essa pessoa pode reabrir esses códigos ou dar-lhe um novo.
problem-link_disabled = Por enquanto este código não leva a lugar nenhum
    .explanation = O código é autêntico, mas quem o criou o desativou. Ele pode ser reativado.
    .next = Tente mais tarde ou pergunte a quem lhe deu o código.
problem-not_yet = É cedo demais para este código
    .explanation = O código é autêntico e vai levar a algum lugar mais tarde.
    .next = Escaneie-o de novo então.
problem-target_blocked = Este código não leva adiante
    .explanation = O código é autêntico, mas este servidor não envia ninguém ao endereço a que ele leva: está em uma lista de sites nocivos ou não é mais permitido aqui.
    .next = Não procure o endereço por outro caminho. Avise quem lhe deu o código.
problem-key_retired = Este código saiu de uso
    .explanation = O código é autêntico, mas o emissor desativou a chave com que foi selado e, com ela, todos os códigos dessa chave.
    .next = Peça um novo a quem lhe deu o código.
problem-open_required = Este código precisa ser aberto
    .explanation = Abri-lo conta ou exige um PIN; por isso não acontece sozinho.
    .next = Escaneie o código de novo e aperte o botão.
problem-pin_incorrect = O PIN está errado
    .explanation = Não é o PIN deste código. Nenhuma abertura foi gasta.
    .next = Confira o PIN e digite-o de novo.
problem-pin_locked = PINs errados demais
    .explanation = Depois de cinco PINs errados, uma rede precisa esperar 15 minutos, cada vez mais; depois de 20, de onde quer que seja, o código fica bloqueado até que o emissor o desbloqueie.
    .next = Espere e depois tente com o PIN certo. Se não o souber, pergunte a quem lhe deu o código.
problem-cross_site = O formulário veio de outro site
    .explanation = Só são aceitos formulários das páginas deste site.
    .next = Abra a página deste site e envie o formulário por ela.
problem-rate_limited = Solicitações demais
    .explanation = Em pouco tempo, ou em um dia, vieram mais do que se permite a um mesmo lugar, para que haja espaço para todos. Nada foi contado e nenhuma abertura foi gasta.
    .next = Espere um momento e tente de novo. O código em si não se perdeu.
problem-request_timeout = A solicitação demorou demais para chegar
    .explanation = O que o seu telefone envia precisa chegar no tempo que o servidor define.
    .next = Envie de novo com uma conexão melhor.
problem-malformed_request = A solicitação está malformada
    .explanation = O que chegou não é uma solicitação de navegador: algo no caminho a alterou ou cortou.
    .next = Envie de novo com uma conexão melhor.
problem-uri_too_long = O endereço é longo demais
    .explanation = O link é mais longo do que um endereço pode ser; por isso o código nele não está inteiro.
    .next = Peça um código QR ou um link mais curto a quem lhe deu o link. Um programa envia o token no corpo de um POST para `/api/decrypt/qrcode-details`.
problem-not_found = Não encontrado
    .explanation = Nenhuma página tem este endereço.
    .next = Confira o endereço ou comece pela página inicial.
problem-temporarily_unavailable = Indisponível no momento
    .explanation = O servidor está ocupado, o relógio ou o chaveiro dele tem um problema, ou o código precisa de algo que este servidor não tem. O código em si não se perdeu.
    .next = Tente de novo daqui a pouco.
problem-internal = Algo deu errado no servidor
    .explanation = É uma falha do servidor, não sua. Está registrada no servidor sob o número da solicitação.
    .next = Tente de novo; se continuar, informe ao operador o número da solicitação.

## Messages

message = Mensagem
message-write = Escrever uma mensagem
message-lead = Você recebe um código QR. Quem o escanear lê a mensagem.
message-how-long = Pode ser lida por
message-1-hour = uma hora
message-1-day = um dia
message-7-days = 7 dias
message-30-days = 30 dias
message-1-year = um ano
message-once = Só pode ser lida uma vez
message-pin = Pedir um PIN (escolhido para você)
message-make = Criar o código QR
message-impossible = Uma mensagem tem de 1 a 10.000 caracteres.
message-too-many = É mais do que se pode escrever de um mesmo lugar por enquanto. Tente mais tarde.
message-code = O código QR da sua mensagem
message-code-lead = Mostre, envie ou imprima: quem o escanear lê a mensagem.
message-code-once = Quem primeiro o escanear e apertar o botão lê a mensagem; depois ninguém mais pode.
message-download = Baixar
message-pin-shown = Quem escanear o código precisa dele. Ele só aparece aqui: passe-o adiante por outro meio.
message-link = O link no código
message-copy = Copiar o link
message-manage = Só para você:
message-manage-lead = com este link você vê se a mensagem foi lida e pode apagá-la. Ele não mostra a mensagem.
message-manage-open = Ver e apagar
message-manage-copy = Copiar este link
message-another = Escrever outra mensagem
manage-title = Sua mensagem
manage-read = Foi lida
manage-not-read = Ainda não foi lida
manage-not-counted = Pode ser lida quantas vezes se quiser, e ninguém conta quantas.
manage-read-at = Lida
manage-delete-warning = Depois disso ninguém mais poderá lê-la. Não pode ser desfeito.
manage-delete = Apagar a mensagem
manage-deleted = A mensagem foi apagada
manage-deleted-since = Ninguém mais pode lê-la desde
written-by-visitor = Escrita por um visitante, não por { $issuer }
message-from = Mensagem de
message-from-issuer = Mensagem de { $issuer }
copy-message = Copiar a mensagem
report = Denunciar esta mensagem
report-question = O que há de errado com ela?
report-advice = { $issuer } fica sabendo de qual mensagem se trata e o que você escolhe aqui, não o que ela diz.
report-fraud = Tenta me enganar
report-abuse = Insulta ou ameaça
report-other = Outra coisa
reported = Obrigado, a mensagem foi denunciada
reported-advice = { $issuer } agora pode apagá-la. Você pode fechar esta página.

written-by-visitor-advice = Qualquer pessoa pode escrever mensagens aqui, e { $issuer } não verificou esta.

## Forms

form-made = Este é o código desta página.
form-made-advice = Salve-o ou imprima-o. Esta página o mostra de novo enquanto você guardar o endereço.
form-send = Enviar
form-missing = Isto ainda não foi preenchido.
form-too-long = Isto é longo demais.
form-wrong = Não é o que se pede aqui.
form-number = Não é um número aceito aqui. Deixe de fora os separadores de milhar.
form-date = Isto não é uma data.
form-email = Isto não é um endereço de e-mail.
form-url = Isto não é um endereço da Web que comece com https://.
form-consent = Marque aqui para continuar.
form-errors = Algo ainda não está certo. Está indicado ao lado dos campos.
form-too-large = É mais do que cabe em um código. Encurte o que você escreveu.
form-not-made = Nenhum código foi criado. O que você escreveu continua aqui: tente mais tarde.
form-optional = opcional
form-choose = escolha
form-more = Adicionar mais um
form-trap = Deixe isto vazio

## The desk

desk = Recepção
desk-choose-list = Escolha uma lista
desk-no-lists = Você ainda não recebeu nenhuma lista. Pergunte a quem organiza o evento.
desk-inside = Dentro
desk-gate = Portão
desk-no-gate = Sem portão
desk-choose = Escolher
desk-direction = Sentido
desk-entry = Entrada
desk-exit = Saída
desk-code = Código
desk-code-hint = Escaneie com um leitor ou digite os números.
desk-pin = PIN
desk-check = Verificar
desk-last = Suas últimas leituras
desk-undo = Desfazer
desk-undone = Desfeito
desk-point = Imagem da câmera
desk-camera-on = Ligar a câmera
desk-camera-off = Desligar a câmera
desk-camera-https = A câmera só funciona em uma página aberta com https.
desk-camera-denied = Não é possível usar a câmera. Permita-a para esta página nas configurações do navegador.
desk-light = Luz
desk-unreachable = O servidor não responde. O código ainda não foi verificado; nova tentativa em andamento.
desk-since = Entrada registrada
desk-by = Entrada registrada por
desk-by-pass = Passe
desk-no-entry = Não estava dentro
desk-let-in = Pode entrar
desk-let-out = Saída registrada
desk-already-in = Já entrou
desk-not-on-list = Não é para esta lista
desk-closed = A lista não está aberta agora
desk-full = Lotado
desk-code-closed = Este código está fechado por enquanto
desk-expired = Expirado
desk-withdrawn = Retirado
desk-used-up = Esgotado
desk-ended = Não é mais válido
desk-unknown = Não é um dos nossos códigos
desk-takes-pin = Este código precisa do PIN
desk-pin-wrong = O PIN está errado
desk-pin-locked = PINs errados demais
desk-forbidden = Você não trabalha nesta lista
desk-session-over = Entre novamente na sua conta
desk-not-checked = Não verificado
desk-no-code = Sem código
desk-print-code = Mostrar ou imprimir o código

## Passes, the roll call, badges

pass = Passe para o balcão
pass-list = Lista
pass-until = Válido até
pass-advice = Com ele este telefone lê códigos desta lista. Serve uma vez, num telefone.
pass-sign-in = Ligar este telefone
pass-used = Este passe já foi usado
pass-used-at = Telefone ligado
pass-browser = Telefone
pass-used-advice = Um passe serve apenas num telefone. Se não for o seu, diga-o a quem lho deu e peça outro.
pass-ended = Este passe já não é válido
pass-unknown = Este passe não é conhecido aqui
pass-over = O passe deste telefone terminou
pass-ask = Peça outro a quem lho deu.
pass-needs-https = A ligação só funciona numa página aberta com https. Quem gere o servidor pode configurá-la.
pass-leave = Desligar este telefone
roll-call = Lista de presentes
roll-call-find = Nome ou outro dado
roll-call-search = Procurar
roll-call-all = Mostrar todos
roll-call-nobody = Ninguém
roll-call-more = Há mais pessoas lá dentro do que esta página pode mostrar.
roll-call-tick = Uma marca indica quem você encontrou. As marcas não são salvas: somem quando você procura ou deixa alguém sair.
roll-call-people = Pessoas
roll-call-let-out = Deixar sair
badge-again = Imprimir o crachá outra vez
badge-print = Imprima esta página para obter o crachá.
