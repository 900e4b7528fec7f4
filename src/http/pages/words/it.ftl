### Ciò che leggono i titolari, in italiano.

## Times

month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre
date = { $day } { $month } { $year }
date-time = { $date }, ore { $time }
date-time-zone = { $date }, ore { $time } { $zone }
beyond-calendar = { $seconds } secondi dopo il 1970

## Every page

languages = Lingua

## A document, open or not

document-from = Documento di { $issuer }
sealed-document-from = Documento sigillato di
issued = Emesso
readable-until = Leggibile fino al
opens-until = Si apre fino al
opens-left = Aperture rimaste
opens-left-of = { $left } di { $most }
no-end = senza scadenza
token-id = Identificativo
document = Documento

last-open = Questo codice non si può più aprire.
last-open-advice = Tenga aperta questa pagina finché le serve il documento, oppure la stampi. Per due minuti può ricaricarla.
opens-again =
    { $left ->
        [one] Questo codice si può aprire ancora una volta.
       *[other] Questo codice si può aprire ancora { $left } volte.
    }

download-json = Scarica JSON
copy-json = Copia JSON
copied = Copiato
selected = Selezionato, ora lo copi
print = Stampa
json-as-sealed = JSON così come è stato sigillato
what-the-seal-shows = Il sigillo dimostra che { $issuer } ha emesso questo documento e che da allora nessuno l’ha modificato. Non dimostra chi le ha dato il codice.

## Inside a document

yes = sì
no = no
nothing = non indicato
empty-text = testo vuoto
no-entries = nessuna voce
empty = vuoto
no-name = senza nome

## Reading on

level = Livello { $level }
levels = «Livello 5» o superiore davanti a un titolo indica quanto è annidato nel documento: la pagina è troppo stretta per mostrarlo.
open-address = Apri { $host }
write-to = Scrivi un’e-mail
call = Chiama
qr-code = Codice QR di questo documento
check-paper = Lo scansioni per confrontare questo foglio con il documento.
whom-to-ask = A chi rivolgersi:

## Opening

open-once = Si apre una sola volta
open-once-advice = Dopo non potrà più aprirlo nessuno. Guardare questa pagina non conta; premere il pulsante sì.
open-last = Si apre ancora una volta
open-last-advice = È già stato aperto { $opened } volte su { $most }. Dopo la prossima non potrà più aprirlo nessuno. Guardare questa pagina non conta; premere il pulsante sì.
open-several = Si apre ancora { $left } volte
open-several-advice = Guardare questa pagina non conta; premere il pulsante sì.
open-pin = Serve il suo PIN
open-pin-advice = Chi le ha dato il codice le ha comunicato il PIN, o gliel’ha inviato per un’altra via.
open-again = L’ha appena aperto
open-again-advice = Per due minuti questo browser può mostrare di nuovo il documento, e non conta.
open-again-pin = Il PIN viene chiesto di nuovo.
open-document = Apri il documento
pin = PIN
pin-has-letters = Il PIN contiene lettere
pin-with-letters = PIN con lettere
pin-missing = Inserisca il PIN.
pin-impossible = Un PIN ha da 4 a 64 caratteri, senza spazi all’inizio o alla fine.
pin-wrong = Il PIN non è corretto.
tries-left =
    { $left ->
        [0] Era l’ultimo tentativo, per ora.
        [one] Resta un tentativo.
       *[other] Restano { $left } tentativi.
    }

## A code that leads elsewhere

link-from = Link di { $issuer }
code-from = Codice di
link-leads-to = Questo codice porta a
link-check = Prosegua se conosce questo indirizzo e se lo aspettava qui.
link-opened = L’apertura è stata contata. L’indirizzo è mostrato solo qui.
link-last-open = Questo codice non si può più aprire.
link-looks-like = Attenzione: questo indirizzo assomiglia soltanto a
link-mixes-scripts = Attenzione: questo indirizzo mescola lettere di più alfabeti e può quindi sembrarne un altro.
link-go = Prosegui
link-not-ours = Quello che c’è a questo indirizzo non viene da { $issuer }, e qui nessuno l’ha controllato.
open-link = Mostra dove porta
leads-from = Porterà da qualche parte dal { $time }.

## Destroying

destroy = Ho finito, distruggi il codice
destroy-question = Distruggere il codice?
destroy-warning = Nessuno potrà più aprire il documento con questo codice, nemmeno lei, e non si può annullare. { $issuer } vedrà che il titolare l’ha distrutto, e quando.
destroy-keep = Per conservarlo, non faccia nulla.
destroy-back = Mostra il documento
destroy-for-good = Distruggi definitivamente
destroyed = Il codice è distrutto
destroyed-since = Dal { $time } non si apre più, per nessuno.
destroyed-pages = Una pagina in cui il documento è ancora visibile, su questo telefono o su un altro, non scompare per questo: la chiuda.

## At the desk

show-at-desk = Mostri questo codice all’accoglienza
show-at-desk-advice = Lì lo scansionerà il personale. Il contenuto non viene mostrato a nessun altro.
to-desk = Per il personale: controllare questo codice
valid-until = Valido fino al
code-to-show = Codice QR da mostrare
show-code-advice = Lo avvicini al lettore. Se non viene letto, aumenti la luminosità dello schermo.

## Dead ends

what-to-do-now = Che cosa fare adesso
try-again = Riprova
start-page = Pagina iniziale
problem = Problema
request-id = Numero della richiesta

expired-at = Si poteva aprire fino al { $time }.
last-opened-at = È stato aperto l’ultima volta il { $time }.
withdrawn-by-issuer-at = Chi l’ha emesso l’ha ritirato il { $time }.
destroyed-by-holder-at = Il titolare l’ha distrutto il { $time }.
pin-locked-until = Dalla sua rete non accetta PIN fino al { $time }.
pin-locked-for-good = Non accetta PIN finché chi l’ha emesso non lo sblocca.
staff-only = Il codice è per il personale: si apre all’accoglienza, al momento della registrazione.

problem-token_not_recognised = Questo codice non è riconosciuto
    .explanation = Il codice è stato letto, ma non l’ha emesso questo server: può appartenere a un altro servizio, essere incompleto o essere stato modificato. Non viene detto quale di queste cose, perché nessuno impari nulla provando.
    .next = Scansioni di nuovo il codice per intero, con una buona luce. Se non cambia nulla, ne chieda uno nuovo a chi gliel’ha dato.
problem-token_expired = Questo codice è scaduto
    .explanation = Il codice è autentico, ma è stato emesso con una scadenza, che è passata.
    .next = Ne chieda uno nuovo a chi le ha dato il codice.
problem-token_used_up = Questo codice è già stato usato
    .explanation = Il codice è autentico, ma si poteva aprire solo un certo numero di volte, e qualcuno l’ha fatto. Le anteprime dei link e le richieste ripetute non contano; conta l’apertura da parte di una persona, o di un programma che preme i pulsanti.
    .next = Se è stato lei, va tutto bene: il browser che l’ha aperto può mostrare il documento ancora per due minuti, e chi le ha dato il codice può farne uno nuovo. Se non è stato lei, lo avverta: l’ha letto qualcun altro.
problem-token_revoked = Questo codice è stato ritirato
    .explanation = Il codice è autentico, ma chi l’ha emesso o lo possedeva vi ha posto fine prima del tempo.
    .next = Ne chieda uno nuovo a chi le ha dato il codice.
problem-token_gone = Ciò a cui portava questo codice non c’è più
    .explanation = Il codice è autentico, ma il suo documento era conservato sul server e non c’è più: è scaduto, si è esaurito o è stato ritirato qualche tempo fa.
    .next = Ne chieda uno nuovo a chi le ha dato il codice.
problem-token_closed = Per ora questo codice è chiuso
    .explanation = Il codice è autentico, ma si apre solo un certo numero di volte o chiede un PIN, e il server è stato ripristinato da un backup: non sa se da allora il codice è stato aperto. Nessuna apertura è stata usata.
    .next = Si rivolga a chi le ha dato il codice: può riaprire questi codici o dargliene uno nuovo.
problem-link_disabled = Per ora questo codice non porta da nessuna parte
    .explanation = Il codice è autentico, ma chi l’ha creato l’ha disattivato. Può riattivarlo.
    .next = Riprovi più tardi, o chieda a chi le ha dato il codice.
problem-not_yet = È troppo presto per questo codice
    .explanation = Il codice è autentico e porterà da qualche parte più avanti.
    .next = Lo scansioni di nuovo allora.
problem-target_blocked = Questo codice non porta oltre
    .explanation = Il codice è autentico, ma questo server non manda nessuno all’indirizzo a cui porta: è in un elenco di siti dannosi, o qui non è più consentito.
    .next = Non cerchi l’indirizzo per altra via. Avverta chi le ha dato il codice.
problem-key_retired = Questo codice non è più in servizio
    .explanation = Il codice è autentico, ma chi l’ha emesso ha disattivato la chiave con cui era sigillato, e con essa tutti i codici di quella chiave.
    .next = Ne chieda uno nuovo a chi le ha dato il codice.
problem-open_required = Questo codice va aperto
    .explanation = Aprirlo conta o richiede un PIN; per questo non avviene da solo.
    .next = Scansioni di nuovo il codice e prema il pulsante.
problem-pin_incorrect = Il PIN non è corretto
    .explanation = Non è il PIN di questo codice. Nessuna apertura è stata consumata.
    .next = Controlli il PIN e lo inserisca di nuovo.
problem-pin_locked = Troppi PIN sbagliati
    .explanation = Dopo cinque PIN sbagliati una rete deve aspettare 15 minuti, ogni volta di più; dopo 20 da qualsiasi luogo il codice resta bloccato finché chi l’ha emesso non lo sblocca.
    .next = Aspetti, poi riprovi con il PIN giusto. Se non lo conosce, chieda a chi le ha dato il codice.
problem-cross_site = Il modulo veniva da un altro sito
    .explanation = Si accettano moduli solo dalle pagine di questo sito.
    .next = Apra la pagina di questo sito e invii il modulo da lì.
problem-rate_limited = Troppe richieste
    .explanation = In poco tempo, o in un giorno, ne sono arrivate più di quante se ne ammettano da uno stesso luogo, perché ci sia posto per tutti. Non è stato contato nulla e nessuna apertura è stata consumata.
    .next = Aspetti un momento, poi riprovi. Il codice in sé non è perduto.
problem-request_timeout = La richiesta ha impiegato troppo ad arrivare
    .explanation = Ciò che il suo telefono invia deve arrivare entro il tempo fissato dal server.
    .next = Lo invii di nuovo con una connessione migliore.
problem-malformed_request = La richiesta non è valida
    .explanation = Quella arrivata non è una richiesta come la invia un browser: qualcosa lungo il percorso l’ha modificata o troncata.
    .next = La invii di nuovo con una connessione migliore.
problem-uri_too_long = L’indirizzo è troppo lungo
    .explanation = Il link è più lungo di quanto possa essere un indirizzo, perciò il codice che contiene non è intero.
    .next = Chieda un codice QR o un link più corto a chi gliel’ha dato. Un programma invia il token nel corpo di un POST a `/api/decrypt/qrcode-details`.
problem-not_found = Non trovato
    .explanation = Nessuna pagina ha questo indirizzo.
    .next = Controlli l’indirizzo, o parta dalla pagina iniziale.
problem-temporarily_unavailable = Al momento non disponibile
    .explanation = Il server è occupato, il suo orologio o il suo portachiavi ha un problema, o al codice serve qualcosa che questo server non ha. Il codice in sé non è perduto.
    .next = Riprovi tra un momento.
problem-internal = Qualcosa è andato storto sul server
    .explanation = È un errore del server, non suo. È annotato nel registro del server sotto il numero della richiesta.
    .next = Riprovi; se si ripete, comunichi al gestore il numero della richiesta.

## Messages

message = Messaggio
message-write = Scrivi un messaggio
message-lead = Riceverà un codice QR. Chi lo scansiona legge il messaggio.
message-how-long = Si può leggere per
message-1-hour = un’ora
message-1-day = un giorno
message-7-days = 7 giorni
message-30-days = 30 giorni
message-1-year = un anno
message-once = Si può leggere una volta sola
message-pin = Chiedi un PIN (viene scelto per lei)
message-make = Crea il codice QR
message-impossible = Un messaggio ha da 1 a 10.000 caratteri.
message-too-many = È più di quanto si possa scrivere per ora da uno stesso luogo. Riprovi più tardi.
message-code = Il codice QR del suo messaggio
message-code-lead = Lo mostri, lo invii o lo stampi: chi lo scansiona legge il messaggio.
message-code-once = Chi per primo lo scansiona e preme il pulsante legge il messaggio; dopo non potrà più nessuno.
message-download = Scarica
message-pin-shown = Serve a chi scansiona il codice. È mostrato solo qui: lo comunichi per un’altra via.
message-link = Il link nel codice
message-copy = Copia il link
message-manage = Solo per lei:
message-manage-lead = con questo link vede se il messaggio è stato letto e può eliminarlo. Non mostra il messaggio.
message-manage-open = Vedi ed elimina
message-manage-copy = Copia questo link
message-another = Scrivi un altro messaggio
manage-title = Il suo messaggio
manage-read = È stato letto
manage-not-read = Non è ancora stato letto
manage-not-counted = Si può leggere quante volte si vuole, e nessuno conta quante.
manage-read-at = Letto
manage-delete-warning = Dopo non potrà più leggerlo nessuno. Non si può annullare.
manage-delete = Elimina il messaggio
manage-deleted = Il messaggio è eliminato
manage-deleted-since = Nessuno può più leggerlo dal
written-by-visitor = Scritto da un visitatore, non da { $issuer }
message-from = Messaggio di
message-from-issuer = Messaggio di { $issuer }
copy-message = Copia il messaggio
report = Segnala questo messaggio
report-question = Che cosa non va?
report-advice = { $issuer } saprà di quale messaggio si tratta e che cosa sceglie qui, non che cosa dice il messaggio.
report-fraud = Cerca di ingannarmi
report-abuse = Insulta o minaccia
report-other = Altro
reported = Grazie, il messaggio è segnalato
reported-advice = { $issuer } ora può eliminarlo. Può chiudere questa pagina.

written-by-visitor-advice = Qui chiunque può scrivere messaggi, e { $issuer } non ha controllato questo.

## Forms

form-made = Questo è il codice di questa pagina.
form-made-advice = Lo salvi o lo stampi. Questa pagina lo mostra di nuovo finché conserva l’indirizzo.
form-send = Invia
form-missing = Questo campo non è ancora compilato.
form-too-long = È troppo lungo.
form-wrong = Non è ciò che è richiesto qui.
form-number = Non è un numero ammesso qui. Ometta i separatori delle migliaia.
form-date = Non è una data.
form-email = Non è un indirizzo e-mail.
form-url = Non è un indirizzo Web che inizia con https://.
form-consent = Spunti questa casella per proseguire.
form-errors = Qualcosa non va ancora. È indicato accanto ai campi.
form-too-large = È più di quanto stia in un codice. Accorci ciò che ha scritto.
form-not-made = Non è stato creato alcun codice. Ciò che ha scritto è ancora qui: riprovi più tardi.
form-optional = facoltativo
form-choose = scelga
form-more = Aggiungi un’altra voce
form-trap = Lasci vuoto questo campo

## The desk

desk = Accoglienza
desk-choose-list = Scelga una lista
desk-no-lists = Non Le è ancora stata assegnata nessuna lista. Chieda a chi gestisce l’evento.
desk-inside = Presenti
desk-gate = Ingresso
desk-no-gate = Nessun ingresso
desk-choose = Scegli
desk-direction = Direzione
desk-entry = Entrata
desk-exit = Uscita
desk-code = Codice
desk-code-hint = Lo scansioni con un lettore, o ne digiti le cifre.
desk-pin = PIN
desk-check = Controlla
desk-last = Le sue ultime scansioni
desk-undo = Annulla
desk-undone = Annullato
desk-point = Immagine della fotocamera
desk-camera-on = Avvia la fotocamera
desk-camera-off = Ferma la fotocamera
desk-camera-https = La fotocamera funziona solo su una pagina aperta con https.
desk-camera-denied = Non è possibile usare la fotocamera. La consenta per questa pagina nelle impostazioni del browser.
desk-light = Luce
desk-unreachable = Il server non è raggiungibile. Il codice non è ancora controllato; si sta riprovando.
desk-since = Entrata registrata
desk-by = Entrata registrata da
desk-by-pass = Pass
desk-no-entry = Non era dentro
desk-let-in = Può entrare
desk-let-out = Uscita registrata
desk-already-in = Già entrato
desk-not-on-list = Non per questa lista
desk-closed = La lista ora non è aperta
desk-full = Al completo
desk-code-closed = Per ora questo codice è chiuso
desk-expired = Scaduto
desk-withdrawn = Ritirato
desk-used-up = Esaurito
desk-ended = Non più valido
desk-unknown = Non è uno dei nostri codici
desk-takes-pin = Questo codice richiede il PIN
desk-pin-wrong = Il PIN non è corretto
desk-pin-locked = Troppi PIN sbagliati
desk-forbidden = Lei non lavora a questa lista
desk-session-over = Acceda di nuovo
desk-not-checked = Non controllato
desk-no-code = Senza codice
desk-print-code = Mostra o stampa il codice

## Passes, the roll call, badges

pass = Pass per il banco
pass-list = Lista
pass-until = Valido fino a
pass-advice = Con questo il telefono legge i codici di questa lista. Vale una volta, su un telefono.
pass-sign-in = Collega questo telefono
pass-used = Questo pass è già stato usato
pass-used-at = Telefono collegato
pass-browser = Telefono
pass-used-advice = Un pass vale su un solo telefono. Se non è il tuo, dillo a chi te l’ha dato e chiedine un altro.
pass-ended = Questo pass non è più valido
pass-unknown = Questo pass non è conosciuto qui
pass-over = Il pass di questo telefono è terminato
pass-ask = Chiedine un altro a chi te l’ha dato.
pass-needs-https = Il collegamento funziona solo su una pagina aperta con https. Chi gestisce il server può configurarlo.
pass-leave = Scollega questo telefono
roll-call = Elenco dei presenti
roll-call-find = Nome o un altro dato
roll-call-search = Cerca
roll-call-all = Mostra tutti
roll-call-nobody = Nessuno
roll-call-more = Ci sono più persone all’interno di quante questa pagina possa mostrare.
roll-call-tick = Una spunta indica chi è stato trovato. Le spunte non vengono salvate: spariscono quando si cerca o si fa uscire qualcuno.
roll-call-people = Persone
roll-call-let-out = Fai uscire
badge-again = Stampa di nuovo il badge
badge-print = Stampa questa pagina per avere il badge.
