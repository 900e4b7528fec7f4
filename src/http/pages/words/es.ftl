### Lo que leen los titulares, en español.

## Times

month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
date = { $day } de { $month } de { $year }
date-time = { $date }, { $time }
date-time-zone = { $date }, { $time } { $zone }
beyond-calendar = { $seconds } segundos después de 1970

## Every page

languages = Idioma

## A document, open or not

document-from = Documento de { $issuer }
sealed-document-from = Documento sellado de
issued = Emitido
readable-until = Se puede leer hasta
opens-until = Se abre hasta
opens-left = Aperturas restantes
opens-left-of = { $left } de { $most }
no-end = sin fecha límite
token-id = Identificador
document = Documento

last-open = Este código ya no se puede volver a abrir.
last-open-advice = Deje esta página abierta mientras necesite el documento, o imprímala. Durante dos minutos puede volver a cargarla.
opens-again =
    { $left ->
        [one] Este código se puede abrir una vez más.
       *[other] Este código se puede abrir { $left } veces más.
    }

download-json = Descargar JSON
copy-json = Copiar JSON
copied = Copiado
selected = Seleccionado, ahora cópielo
print = Imprimir
json-as-sealed = JSON tal como se selló
what-the-seal-shows = El sello demuestra que { $issuer } emitió este documento y que nadie lo ha cambiado desde entonces. No demuestra quién le entregó el código.

## Inside a document

yes = sí
no = no
nothing = sin datos
empty-text = texto vacío
no-entries = sin entradas
empty = vacío
no-name = sin nombre

## Reading on

level = Nivel { $level }
levels = «Nivel 5» o superior delante de un título indica a qué profundidad del documento está: la página es demasiado estrecha para mostrarlo.
open-address = Abrir { $host }
write-to = Escribir un correo
call = Llamar
qr-code = Código QR de este documento
check-paper = Escanéelo para comparar este papel con el documento.
whom-to-ask = A quién preguntar:

## Opening

open-once = Se abre una sola vez
open-once-advice = Después nadie podrá volver a abrirlo. Mirar esta página no cuenta; pulsar el botón, sí.
open-last = Se abre una vez más
open-last-advice = Ya se abrió { $opened } de { $most } veces. Después de la próxima nadie podrá volver a abrirlo. Mirar esta página no cuenta; pulsar el botón, sí.
open-several = Se abre { $left } veces más
open-several-advice = Mirar esta página no cuenta; pulsar el botón, sí.
open-pin = Necesita su PIN
open-pin-advice = Quien le dio el código le ha dicho el PIN o se lo ha enviado por otro medio.
open-again = Acaba de abrirlo
open-again-advice = Durante dos minutos este navegador puede volver a mostrar el documento, y no cuenta.
open-again-pin = Se pide de nuevo el PIN.
open-document = Abrir el documento
pin = PIN
pin-has-letters = El PIN tiene letras
pin-with-letters = PIN con letras
pin-missing = Escriba el PIN.
pin-impossible = Un PIN tiene de 4 a 64 caracteres, sin espacios al principio ni al final.
pin-wrong = El PIN no es correcto.
tries-left =
    { $left ->
        [0] Ese fue el último intento por ahora.
        [one] Queda un intento.
       *[other] Quedan { $left } intentos.
    }

## A code that leads elsewhere

link-from = Enlace de { $issuer }
code-from = Código de
link-leads-to = Este código lleva a
link-check = Continúe si conoce esta dirección y la esperaba aquí.
link-opened = La apertura se ha contado. La dirección solo se muestra aquí.
link-last-open = Este código ya no se puede volver a abrir.
link-looks-like = Cuidado: esta dirección solo se parece a
link-mixes-scripts = Cuidado: esta dirección mezcla letras de varios alfabetos y por eso puede parecer otra.
link-go = Continuar
link-not-ours = Lo que hay en esta dirección no viene de { $issuer }, y aquí nadie lo ha revisado.
open-link = Mostrar adónde lleva
leads-from = Llevará a algún sitio a partir del { $time }.

## Destroying

destroy = He terminado, destruir el código
destroy-question = ¿Destruir el código?
destroy-warning = Nadie podrá volver a abrir el documento con él, usted tampoco, y no se puede deshacer. { $issuer } verá que su titular lo destruyó y cuándo.
destroy-keep = Para conservarlo, no haga nada.
destroy-back = Mostrar el documento
destroy-for-good = Destruirlo definitivamente
destroyed = El código está destruido
destroyed-since = Desde el { $time } ya no se abre para nadie.
destroyed-pages = Una página en la que el documento siga a la vista, en este teléfono o en otro, no desaparece con esto: ciérrela.

## At the desk

show-at-desk = Muestre este código en recepción
show-at-desk-advice = Allí lo escaneará el personal. Lo que contiene no se muestra a nadie más.
to-desk = Para el personal: comprobar este código
valid-until = Válido hasta
code-to-show = Código QR para mostrar
show-code-advice = Acérquelo al lector. Si no se lee, suba el brillo de la pantalla.

## Dead ends

what-to-do-now = Qué hacer ahora
try-again = Intentarlo de nuevo
start-page = Página de inicio
problem = Problema
request-id = Número de la solicitud

expired-at = Se podía abrir hasta el { $time }.
last-opened-at = Se abrió por última vez el { $time }.
withdrawn-by-issuer-at = Su emisor lo retiró el { $time }.
destroyed-by-holder-at = Su titular lo destruyó el { $time }.
pin-locked-until = Desde su red no acepta ningún PIN hasta el { $time }.
pin-locked-for-good = No acepta ningún PIN hasta que su emisor lo desbloquee.
staff-only = El código es para el personal: se abre en recepción, al registrar la entrada.

problem-token_not_recognised = Este código no se reconoce
    .explanation = El código se ha leído, pero no lo emitió este servidor: puede ser de otro servicio, estar cortado o haber sido modificado. No se dice cuál de estas cosas es, para que nadie averigüe nada probando.
    .next = Escanee de nuevo el código entero, con buena luz. Si sigue igual, pida uno nuevo a quien se lo dio.
problem-token_expired = Este código ha caducado
    .explanation = El código es auténtico, pero se emitió con una fecha límite, y ya ha pasado.
    .next = Pida uno nuevo a quien le dio el código.
problem-token_used_up = Este código ya se usó
    .explanation = El código es auténtico, pero solo se podía abrir un número limitado de veces, y alguien ya lo ha hecho. Las vistas previas de enlaces y las solicitudes repetidas no cuentan; cuenta que lo abra una persona, o un programa que pulsa botones.
    .next = Si fue usted, todo está en orden: el navegador que lo abrió puede mostrar el documento dos minutos más, y quien le dio el código puede hacer otro. Si no fue usted, avísele: alguien más lo ha leído.
problem-token_revoked = Este código fue retirado
    .explanation = El código es auténtico, pero quien lo emitió o lo tenía le puso fin antes de tiempo.
    .next = Pida uno nuevo a quien le dio el código.
problem-token_gone = Aquello a lo que llevaba este código ya no existe
    .explanation = El código es auténtico, pero su documento estaba guardado en el servidor y ya no está: caducó, se agotó o fue retirado hace algún tiempo.
    .next = Pida uno nuevo a quien le dio el código.
problem-token_closed = Este código está cerrado por ahora
    .explanation = El código es auténtico, pero solo se abre un número limitado de veces o pide un PIN, y el servidor se restauró desde una copia de seguridad: no sabe si el código se abrió desde entonces. No se ha gastado ninguna apertura.
    .next = Pregunte a quien le dio el código: puede volver a abrir estos códigos o darle uno nuevo.
problem-link_disabled = Este código no lleva a ningún sitio por ahora
    .explanation = El código es auténtico, pero quien lo creó lo ha desactivado. Puede volver a activarlo.
    .next = Inténtelo más tarde o pregunte a quien le dio el código.
problem-not_yet = Es demasiado pronto para este código
    .explanation = El código es auténtico y llevará a algún sitio más adelante.
    .next = Escanéelo de nuevo entonces.
problem-target_blocked = Este código no sigue adelante
    .explanation = El código es auténtico, pero este servidor no envía a nadie a la dirección a la que lleva: está en una lista de sitios dañinos o ya no está permitida aquí.
    .next = No busque la dirección por otro medio. Avise a quien le dio el código.
problem-key_retired = Este código ya no está en servicio
    .explanation = El código es auténtico, pero el emisor ha desactivado la clave con la que se selló, y con ella todos los códigos de esa clave.
    .next = Pida uno nuevo a quien le dio el código.
problem-open_required = Este código hay que abrirlo
    .explanation = Abrirlo cuenta o necesita un PIN; por eso no ocurre solo.
    .next = Escanee de nuevo el código y pulse el botón.
problem-pin_incorrect = El PIN no es correcto
    .explanation = No es el PIN de este código. No se ha gastado ninguna apertura.
    .next = Compruebe el PIN y escríbalo de nuevo.
problem-pin_locked = Demasiados PIN incorrectos
    .explanation = Tras cinco PIN incorrectos, una red tiene que esperar 15 minutos, y cada vez más; tras 20 desde cualquier lugar, el código queda bloqueado hasta que su emisor lo desbloquee.
    .next = Espere y luego inténtelo con el PIN correcto. Si no lo sabe, pregunte a quien le dio el código.
problem-cross_site = El formulario venía de otro sitio
    .explanation = Solo se aceptan formularios de las páginas de este sitio.
    .next = Abra la página de este sitio y envíe el formulario desde ella.
problem-rate_limited = Demasiadas solicitudes
    .explanation = En poco tiempo, o en un día, llegaron más de las que se permiten desde un mismo lugar, para que haya sitio para todos. No se ha contado nada ni se ha gastado ninguna apertura.
    .next = Espere un momento e inténtelo de nuevo. El código en sí no se ha perdido.
problem-request_timeout = La solicitud tardó demasiado en llegar
    .explanation = Lo que envía su teléfono debe llegar en el tiempo que fija el servidor.
    .next = Envíelo de nuevo con una conexión mejor.
problem-malformed_request = La solicitud no es correcta
    .explanation = Lo que llegó no es una solicitud como las de un navegador: algo la cambió o la cortó por el camino.
    .next = Envíela de nuevo con una conexión mejor.
problem-uri_too_long = La dirección es demasiado larga
    .explanation = El enlace es más largo de lo que puede ser una dirección; por eso el código que contiene no está completo.
    .next = Pida un código QR o un enlace más corto a quien se lo dio. Un programa envía el token en el cuerpo de un POST a `/api/decrypt/qrcode-details`.
problem-not_found = No se ha encontrado
    .explanation = Ninguna página tiene esta dirección.
    .next = Compruebe la dirección o empiece por la página de inicio.
problem-temporarily_unavailable = No disponible en este momento
    .explanation = El servidor está ocupado, su reloj o su llavero tiene un problema, o el código necesita algo que este servidor no tiene. El código en sí no se ha perdido.
    .next = Inténtelo de nuevo dentro de un momento.
problem-internal = Algo falló en el servidor
    .explanation = Es un fallo del servidor, no de lo que usted hizo. Consta en el registro del servidor con el número de la solicitud.
    .next = Inténtelo de nuevo; si continúa, comunique al operador el número de la solicitud.

## Messages

message = Mensaje
message-write = Escribir un mensaje
message-lead = Recibirá un código QR. Quien lo escanee leerá el mensaje.
message-how-long = Se puede leer durante
message-1-hour = una hora
message-1-day = un día
message-7-days = 7 días
message-30-days = 30 días
message-1-year = un año
message-once = Se puede leer una sola vez
message-pin = Pedir un PIN (se elige por usted)
message-make = Crear el código QR
message-impossible = Un mensaje tiene de 1 a 10.000 caracteres.
message-too-many = Eso es más de lo que se puede escribir por ahora desde un mismo lugar. Inténtelo más tarde.
message-code = El código QR de su mensaje
message-code-lead = Muéstrelo, envíelo o imprímalo: quien lo escanee leerá el mensaje.
message-code-once = Quien primero lo escanee y pulse el botón leerá el mensaje; después ya nadie podrá.
message-download = Descargar
message-pin-shown = Quien escanee el código lo necesita. Solo se muestra aquí: hágaselo llegar por otro medio.
message-link = El enlace del código
message-copy = Copiar el enlace
message-manage = Solo para usted:
message-manage-lead = con este enlace ve si el mensaje se ha leído y puede borrarlo. No muestra el mensaje.
message-manage-open = Ver y borrar
message-manage-copy = Copiar este enlace
message-another = Escribir otro mensaje
manage-title = Su mensaje
manage-read = Se ha leído
manage-not-read = Todavía no se ha leído
manage-not-counted = Se puede leer tantas veces como se quiera, y nadie cuenta cuántas.
manage-read-at = Leído
manage-delete-warning = Después nadie podrá volver a leerlo. No se puede deshacer.
manage-delete = Borrar el mensaje
manage-deleted = El mensaje está borrado
manage-deleted-since = Nadie puede leerlo desde
written-by-visitor = Escrito por un visitante, no por { $issuer }
message-from = Mensaje de
message-from-issuer = Mensaje de { $issuer }
copy-message = Copiar el mensaje
report = Denunciar este mensaje
report-question = ¿Qué tiene de malo?
report-advice = { $issuer } sabrá de qué mensaje se trata y qué elige usted aquí, no lo que dice el mensaje.
report-fraud = Intenta engañarme
report-abuse = Insulta o amenaza
report-other = Otra cosa
reported = Gracias, el mensaje está denunciado
reported-advice = { $issuer } puede borrarlo ahora. Puede cerrar esta página.

written-by-visitor-advice = Aquí cualquiera puede escribir mensajes, y { $issuer } no ha revisado este.

## Forms

form-made = Este es el código de esta página.
form-made-advice = Guárdelo o imprímalo. Esta página lo muestra de nuevo mientras conserve la dirección.
form-send = Enviar
form-missing = Esto aún no está rellenado.
form-too-long = Esto es demasiado largo.
form-wrong = Esto no es lo que se pide aquí.
form-number = Esto no es un número que valga aquí. Omita los separadores de miles.
form-date = Esto no es una fecha.
form-email = Esto no es una dirección de correo.
form-url = Esto no es una dirección web que empiece por https://.
form-consent = Marque esta casilla para continuar.
form-errors = Algo aún no está bien. Se indica junto a los campos.
form-too-large = Esto es más de lo que cabe en un código. Acorte lo que ha escrito.
form-not-made = No se ha creado ningún código. Lo que escribió sigue aquí: inténtelo más tarde.
form-optional = opcional
form-choose = elija, por favor
form-more = Añadir otro
form-trap = Deje esto vacío

## The desk

desk = Recepción
desk-choose-list = Elija una lista
desk-no-lists = Todavía no se le ha asignado ninguna lista. Pregunte a quien organiza el evento.
desk-inside = Dentro
desk-gate = Puerta
desk-no-gate = Sin puerta
desk-choose = Elegir
desk-direction = Sentido
desk-entry = Entrada
desk-exit = Salida
desk-code = Código
desk-code-hint = Escanéelo con un lector o escriba sus dígitos.
desk-pin = PIN
desk-check = Comprobar
desk-last = Sus últimos escaneos
desk-undo = Deshacer
desk-undone = Deshecho
desk-point = Imagen de la cámara
desk-camera-on = Encender la cámara
desk-camera-off = Apagar la cámara
desk-camera-https = La cámara solo funciona en una página abierta con https.
desk-camera-denied = No se puede usar la cámara. Permítala para esta página en los ajustes del navegador.
desk-light = Luz
desk-unreachable = No se llega al servidor. El código aún no está comprobado; se está intentando de nuevo.
desk-since = Entrada registrada
desk-by = Entrada registrada por
desk-by-pass = Pase
desk-no-entry = No estaba dentro
desk-let-in = Puede entrar
desk-let-out = Salida registrada
desk-already-in = Ya entró
desk-not-on-list = No es para esta lista
desk-closed = La lista no está abierta ahora
desk-full = Completo
desk-code-closed = Este código está cerrado por ahora
desk-expired = Caducado
desk-withdrawn = Retirado
desk-used-up = Agotado
desk-ended = Ya no es válido
desk-unknown = No es uno de nuestros códigos
desk-takes-pin = Este código necesita su PIN
desk-pin-wrong = El PIN no es correcto
desk-pin-locked = Demasiados PIN incorrectos
desk-forbidden = Usted no trabaja en esta lista
desk-session-over = Vuelva a iniciar sesión
desk-not-checked = Sin comprobar
desk-no-code = Sin código
desk-print-code = Mostrar o imprimir el código

## Passes, the roll call, badges

pass = Pase para el puesto
pass-list = Lista
pass-until = Válido hasta
pass-advice = Con él este teléfono lee códigos de esta lista. Sirve una vez y en un teléfono.
pass-sign-in = Conectar este teléfono
pass-used = Este pase ya se usó
pass-used-at = Teléfono conectado
pass-browser = Teléfono
pass-used-advice = Un pase solo sirve en un teléfono. Si no es el suyo, dígaselo a quien se lo dio y pida otro.
pass-ended = Este pase ya no es válido
pass-unknown = Este pase no se conoce aquí
pass-over = El pase de este teléfono ha terminado
pass-ask = Pida otro a quien se lo dio.
pass-needs-https = La conexión solo funciona en una página abierta con https. Quien lleva el servidor puede configurarlo.
pass-leave = Desconectar este teléfono
roll-call = Lista de presentes
roll-call-find = Nombre u otro dato
roll-call-search = Buscar
roll-call-all = Mostrar a todos
roll-call-nobody = Nadie
roll-call-more = Hay más personas dentro de las que esta página puede mostrar.
roll-call-tick = Una marca indica a quién ha encontrado. Las marcas no se guardan: desaparecen al buscar o al dejar salir a alguien.
roll-call-people = Personas
roll-call-let-out = Dejar salir
badge-again = Imprimir la credencial otra vez
badge-print = Imprima esta página para obtener la credencial.
