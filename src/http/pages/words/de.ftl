### Was Inhaber lesen, auf Deutsch.

## Times

month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
date = { $day }. { $month } { $year }
date-time = { $date }, { $time } Uhr
date-time-zone = { $date }, { $time } Uhr { $zone }
beyond-calendar = { $seconds } Sekunden nach 1970

## Every page

languages = Sprache

## A document, open or not

document-from = Dokument von { $issuer }
sealed-document-from = Versiegeltes Dokument von
issued = Ausgestellt
readable-until = Lesbar bis
opens-until = Zu öffnen bis
opens-left = Noch zu öffnen
opens-left-of = { $left } von { $most } Mal
no-end = unbegrenzt
token-id = Kennung
document = Dokument

last-open = Dieser Code lässt sich nicht noch einmal öffnen.
last-open-advice = Lassen Sie diese Seite offen, solange Sie das Dokument brauchen, oder drucken Sie es. Zwei Minuten lang lässt sich die Seite neu laden.
opens-again =
    { $left ->
        [one] Dieser Code lässt sich noch einmal öffnen.
       *[other] Dieser Code lässt sich noch { $left }-mal öffnen.
    }

download-json = JSON herunterladen
copy-json = JSON kopieren
copied = Kopiert
selected = Markiert, jetzt kopieren
print = Drucken
json-as-sealed = JSON, wie es versiegelt wurde
what-the-seal-shows = Das Siegel zeigt, dass { $issuer } dieses Dokument ausgestellt hat und dass es seither niemand verändert hat. Es zeigt nicht, wer Ihnen den Code gegeben hat.

## Inside a document

yes = ja
no = nein
nothing = keine Angabe
empty-text = leerer Text
no-entries = keine Einträge
empty = leer
no-name = ohne Namen

## Reading on

level = Ebene { $level }
levels = „Ebene 5“ und höher vor einer Überschrift sagen, wie tief sie im Dokument steht: Die Seite ist zu schmal, um es zu zeigen.
open-address = { $host } öffnen
write-to = E-Mail schreiben
call = Anrufen
qr-code = QR-Code dieses Dokuments
check-paper = Scannen Sie ihn, um dieses Papier mit dem Dokument zu vergleichen.
whom-to-ask = Wen Sie fragen können:

## Opening

open-once = Dieser Code lässt sich nur einmal öffnen
open-once-advice = Danach kann ihn niemand mehr öffnen. Diese Seite anzusehen zählt nicht, erst die Schaltfläche zählt.
open-last = Dieser Code lässt sich noch einmal öffnen
open-last-advice = Er wurde schon { $opened } von { $most } Mal geöffnet. Nach dem nächsten Mal kann ihn niemand mehr öffnen. Diese Seite anzusehen zählt nicht, erst die Schaltfläche zählt.
open-several = Dieser Code lässt sich noch { $left }-mal öffnen
open-several-advice = Diese Seite anzusehen zählt nicht, erst die Schaltfläche zählt.
open-pin = Dieser Code braucht eine PIN
open-pin-advice = Wer Ihnen den Code gegeben hat, hat Ihnen die PIN genannt oder auf anderem Weg geschickt.
open-again = Sie haben diesen Code gerade geöffnet
open-again-advice = Zwei Minuten lang bekommt dieser Browser das Dokument wieder, und es zählt nicht.
open-again-pin = Die PIN ist dafür noch einmal nötig.
open-document = Dokument öffnen
pin = PIN
pin-has-letters = Die PIN enthält Buchstaben
pin-with-letters = PIN mit Buchstaben
pin-missing = Geben Sie die PIN ein.
pin-impossible = Eine PIN hat 4 bis 64 Zeichen und keine Leerzeichen am Anfang oder Ende.
pin-wrong = Die PIN ist falsch.
tries-left =
    { $left ->
        [0] Das war vorerst der letzte Versuch.
        [one] Sie haben noch einen Versuch.
       *[other] Sie haben noch { $left } Versuche.
    }

## Ein Code, der weiterführt

link-from = Link von { $issuer }
code-from = Code von
link-leads-to = Dieser Code führt zu
link-check = Gehen Sie weiter, wenn Sie diese Adresse kennen und hier erwarten.
link-opened = Das Öffnen ist gezählt. Die Adresse steht nur hier.
link-last-open = Dieser Code lässt sich nicht noch einmal öffnen.
link-looks-like = Vorsicht: Diese Adresse sieht nur so aus wie
link-mixes-scripts = Vorsicht: Diese Adresse mischt Buchstaben mehrerer Alphabete und kann deshalb wie eine andere aussehen.
link-go = Weiter
link-not-ours = Was unter dieser Adresse steht, kommt nicht von { $issuer }, und niemand hier hat es geprüft.
open-link = Zeigen, wohin er führt
leads-from = Er führt ab { $time } weiter.

## Destroying

destroy = Ich bin fertig, Code vernichten
destroy-question = Den Code vernichten?
destroy-warning = Niemand kann das Dokument dann noch damit öffnen, auch Sie nicht, und das lässt sich nicht rückgängig machen. { $issuer } sieht, dass und wann der Inhaber den Code vernichtet hat.
destroy-keep = Um ihn zu behalten, tun Sie nichts.
destroy-back = Dokument zeigen
destroy-for-good = Endgültig vernichten
destroyed = Der Code ist vernichtet
destroyed-since = Seit { $time } kann ihn niemand mehr öffnen.
destroyed-pages = Eine Seite, auf der das Dokument noch steht, auf diesem oder einem anderen Telefon, verschwindet dadurch nicht: Schließen Sie sie.

## Am Empfang

show-at-desk = Zeigen Sie diesen Code am Empfang
show-at-desk-advice = Dort scannt ihn das Personal. Was er enthält, sieht sonst niemand.
to-desk = Für das Personal: diesen Code prüfen
valid-until = Gültig bis
code-to-show = QR-Code zum Vorzeigen
show-code-advice = Halten Sie ihn vor den Scanner. Stellen Sie den Bildschirm heller, wenn er nicht gelesen wird.

## Dead ends

what-to-do-now = Was Sie jetzt tun können
try-again = Noch einmal versuchen
start-page = Startseite
problem = Problem
request-id = Nummer der Anfrage

expired-at = Er ließ sich bis { $time } öffnen.
last-opened-at = Zuletzt geöffnet wurde er am { $time }.
withdrawn-by-issuer-at = Der Aussteller hat ihn am { $time } zurückgezogen.
destroyed-by-holder-at = Sein Inhaber hat ihn am { $time } vernichtet.
pin-locked-until = Aus Ihrem Netz nimmt er bis { $time } keine PIN an.
pin-locked-for-good = Er nimmt keine PIN an, bis der Aussteller ihn entsperrt.
staff-only = Der Code ist für das Personal: Er wird am Empfang durch Einscannen geöffnet.

problem-token_not_recognised = Dieser Code wird nicht erkannt
    .explanation = Der Code wurde gelesen, aber dieser Server hat ihn nicht ausgestellt: Er kann zu einem anderen Dienst gehören, abgeschnitten oder verändert sein. Was davon zutrifft, wird nicht gesagt, damit niemand durch Ausprobieren etwas lernt.
    .next = Scannen Sie den ganzen Code noch einmal, bei gutem Licht. Bleibt es dabei, bitten Sie um einen neuen, wo Sie ihn bekommen haben.
problem-token_expired = Dieser Code ist abgelaufen
    .explanation = Der Code ist echt, aber er wurde mit einem Ende ausgestellt, und das ist vorbei.
    .next = Bitten Sie um einen neuen, wo Sie den Code bekommen haben.
problem-token_used_up = Dieser Code wurde schon benutzt
    .explanation = Der Code ist echt, aber er ließ sich nur so und so oft öffnen, und das hat jemand getan. Linkvorschauen und wiederholte Anfragen zählen nicht; es zählt, wenn ein Mensch ihn öffnet oder ein Programm, das Schaltflächen drückt.
    .next = Wenn Sie das waren, ist alles in Ordnung: Der Browser, der ihn geöffnet hat, bekommt das Dokument noch zwei Minuten lang wieder, und wer Ihnen den Code gegeben hat, kann einen neuen ausstellen. Wenn nicht, sagen Sie es dort: Jemand anderes hat es gelesen.
problem-token_revoked = Dieser Code wurde zurückgezogen
    .explanation = Der Code ist echt, aber wer ihn ausgestellt oder besessen hat, hat ihn vorzeitig beendet.
    .next = Bitten Sie um einen neuen, wo Sie den Code bekommen haben.
problem-token_gone = Was hinter diesem Code lag, gibt es nicht mehr
    .explanation = Der Code ist echt, aber sein Dokument lag auf dem Server, und dort ist es nicht mehr: Es ist vor einiger Zeit abgelaufen, aufgebraucht oder zurückgezogen worden.
    .next = Bitten Sie um einen neuen, wo Sie den Code bekommen haben.
problem-token_closed = Dieser Code ist vorerst geschlossen
    .explanation = Der Code ist echt, aber er lässt sich nur begrenzt oft öffnen oder verlangt eine PIN, und der Server wurde aus einer Sicherung wiederhergestellt: Er weiß nicht, ob der Code seitdem geöffnet wurde. Keine Öffnung wurde verbraucht.
    .next = Wenden Sie sich an die Stelle, von der Sie den Code haben: Sie kann solche Codes wieder öffnen lassen oder Ihnen einen neuen geben.
problem-link_disabled = Dieser Code führt zurzeit nirgendwohin
    .explanation = Der Code ist echt, aber wer ihn erstellt hat, hat ihn abgeschaltet. Er kann wieder eingeschaltet werden.
    .next = Versuchen Sie es später noch einmal, oder fragen Sie dort, wo Sie den Code bekommen haben.
problem-not_yet = Für diesen Code ist es zu früh
    .explanation = Der Code ist echt und führt ab einem späteren Zeitpunkt weiter.
    .next = Scannen Sie ihn dann noch einmal.
problem-target_blocked = Dieser Code führt nicht weiter
    .explanation = Der Code ist echt, aber zu der Adresse, zu der er führt, schickt dieser Server niemanden: Sie steht auf einer Liste schädlicher Seiten, oder sie ist hier nicht mehr erlaubt.
    .next = Suchen Sie die Adresse nicht auf anderem Weg. Sagen Sie dort Bescheid, wo Sie den Code bekommen haben.
problem-key_retired = Dieser Code gilt nicht mehr
    .explanation = Der Code ist echt, aber der Aussteller hat den Schlüssel abgeschaltet, mit dem er versiegelt wurde, und damit jeden Code dieses Schlüssels.
    .next = Bitten Sie um einen neuen, wo Sie den Code bekommen haben.
problem-open_required = Dieser Code muss geöffnet werden
    .explanation = Ihn zu öffnen zählt oder braucht eine PIN; darum geschieht es nicht von selbst.
    .next = Scannen Sie den Code noch einmal und drücken Sie die Schaltfläche.
problem-pin_incorrect = Die PIN ist falsch
    .explanation = Das ist nicht die PIN dieses Codes. Als geöffnet zählt es nicht.
    .next = Prüfen Sie die PIN und geben Sie sie noch einmal ein.
problem-pin_locked = Zu viele falsche PINs
    .explanation = Nach fünf falschen PINs muss ein Netz 15 Minuten warten, jedes Mal länger; nach 20 von irgendwoher bleibt der Code gesperrt, bis der Aussteller ihn entsperrt.
    .next = Warten Sie und versuchen Sie es dann mit der richtigen PIN. Wenn Sie sie nicht kennen, fragen Sie dort, wo Sie den Code bekommen haben.
problem-cross_site = Das Formular kam von einer anderen Website
    .explanation = Formulare werden nur von den Seiten dieser Website angenommen.
    .next = Öffnen Sie die Seite dieser Website und senden Sie das Formular von dort.
problem-rate_limited = Zu viele Anfragen
    .explanation = In kurzer Zeit oder an einem Tag kam mehr, als ein Ort darf, damit Platz für alle bleibt. Nichts wurde gezählt, und nichts gilt als geöffnet.
    .next = Warten Sie einen Moment und versuchen Sie es noch einmal. Der Code selbst ist nicht verloren.
problem-request_timeout = Die Anfrage kam nicht rechtzeitig an
    .explanation = Was Ihr Telefon sendet, muss in einer Zeit ankommen, die der Server vorgibt.
    .next = Senden Sie es über eine bessere Verbindung noch einmal.
problem-malformed_request = Die Anfrage ist fehlerhaft
    .explanation = Was ankam, ist keine Anfrage, wie sie ein Browser sendet: Etwas unterwegs hat sie verändert oder abgeschnitten.
    .next = Senden Sie sie über eine bessere Verbindung noch einmal.
problem-uri_too_long = Die Adresse ist zu lang
    .explanation = Der Link ist länger, als eine Adresse sein darf; der Code darin ist daher nicht vollständig.
    .next = Bitten Sie um einen QR-Code oder einen kürzeren Link. Ein Programm sendet das Token im Inhalt einer POST-Anfrage an `/api/decrypt/qrcode-details`.
problem-not_found = Nicht gefunden
    .explanation = Keine Seite hat diese Adresse.
    .next = Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite.
problem-temporarily_unavailable = Gerade nicht verfügbar
    .explanation = Der Server ist beschäftigt, seine Uhr oder sein Schlüsselbund hat eine Störung, oder der Code braucht etwas, das dieser Server nicht hat. Der Code selbst ist nicht verloren.
    .next = Versuchen Sie es gleich noch einmal.
problem-internal = Auf dem Server ging etwas schief
    .explanation = Es ist ein Fehler des Servers und liegt nicht an Ihnen. Er steht unter der Nummer der Anfrage im Protokoll des Servers.
    .next = Versuchen Sie es noch einmal; bleibt es dabei, nennen Sie dem Betreiber die Nummer der Anfrage.

## Messages

message = Nachricht
message-write = Eine Nachricht schreiben
message-lead = Sie bekommen einen QR-Code. Wer ihn scannt, liest die Nachricht.
message-how-long = Sie ist lesbar für
message-1-hour = eine Stunde
message-1-day = einen Tag
message-7-days = 7 Tage
message-30-days = 30 Tage
message-1-year = ein Jahr
message-once = Nur einmal lesbar
message-pin = Mit einer PIN schützen (sie wird für Sie erzeugt)
message-make = QR-Code erstellen
message-impossible = Eine Nachricht hat 1 bis 10.000 Zeichen.
message-too-many = Das ist mehr, als von einem Ort aus zurzeit geschrieben werden kann. Versuchen Sie es später noch einmal.
message-code = Der QR-Code Ihrer Nachricht
message-code-lead = Zeigen, senden oder drucken Sie ihn: Wer ihn scannt, liest die Nachricht.
message-code-once = Wer ihn als Erstes scannt und die Schaltfläche drückt, liest die Nachricht; danach kann es niemand mehr.
message-download = Herunterladen
message-pin-shown = Wer den Code scannt, braucht sie. Sie steht nur hier: Geben Sie sie auf anderem Weg weiter.
message-link = Der Link im Code
message-copy = Link kopieren
message-manage = Nur für Sie:
message-manage-lead = Mit diesem Link sehen Sie, ob die Nachricht gelesen wurde, und löschen sie. Er zeigt die Nachricht nicht.
message-manage-open = Ansehen und löschen
message-manage-copy = Diesen Link kopieren
message-another = Noch eine Nachricht schreiben
manage-title = Ihre Nachricht
manage-read = Sie wurde gelesen
manage-not-read = Sie wurde noch nicht gelesen
manage-not-counted = Sie lässt sich beliebig oft lesen, und niemand zählt, wie oft das geschieht.
manage-read-at = Gelesen
manage-delete-warning = Danach kann sie niemand mehr lesen. Das lässt sich nicht rückgängig machen.
manage-delete = Nachricht löschen
manage-deleted = Die Nachricht ist gelöscht
manage-deleted-since = Nicht mehr lesbar seit
written-by-visitor = Von einem Besucher geschrieben, nicht von { $issuer }
message-from = Nachricht von
message-from-issuer = Nachricht von { $issuer }
copy-message = Nachricht kopieren
report = Diese Nachricht melden
report-question = Was ist mit ihr nicht in Ordnung?
report-advice = { $issuer } erfährt, welche Nachricht es ist und was Sie hier wählen, nicht, was darin steht.
report-fraud = Sie will mich täuschen
report-abuse = Sie beleidigt oder bedroht
report-other = Etwas anderes
reported = Danke, die Nachricht ist gemeldet
reported-advice = { $issuer } kann sie nun löschen. Sie können diese Seite schließen.

written-by-visitor-advice = Hier kann jeder Nachrichten schreiben, und { $issuer } hat diese nicht geprüft.

## The desk

desk = Empfang
desk-choose-list = Liste wählen
desk-no-lists = Ihnen ist noch keine Liste zugewiesen. Fragen Sie die Leitung der Veranstaltung.
desk-inside = Drinnen
desk-gate = Eingang
desk-no-gate = Kein bestimmter Eingang
desk-choose = Wählen
desk-direction = Richtung
desk-entry = Hinein
desk-exit = Hinaus
desk-code = Code
desk-code-hint = Mit einem Handscanner lesen oder die Ziffern tippen.
desk-pin = PIN
desk-check = Prüfen
desk-last = Ihre letzten Scans
desk-undo = Rückgängig
desk-undone = Rückgängig gemacht
desk-point = Bild der Kamera
desk-camera-on = Kamera starten
desk-camera-off = Kamera anhalten
desk-camera-https = Die Kamera geht nur auf einer Seite mit https.
desk-camera-denied = Die Kamera kann nicht benutzt werden. Erlauben Sie sie für diese Seite in den Einstellungen des Browsers.
desk-light = Licht
desk-unreachable = Der Server ist nicht erreichbar. Der Code ist noch nicht geprüft; es wird erneut versucht.
desk-since = Eingelassen
desk-by = Eingelassen von
desk-by-pass = Zugang
desk-no-entry = War nicht drinnen
desk-let-in = Eingelassen
desk-let-out = Ausgang erfasst
desk-already-in = Schon eingelassen
desk-not-on-list = Nicht für diese Liste
desk-closed = Die Liste ist jetzt nicht offen
desk-full = Voll
desk-expired = Abgelaufen
desk-withdrawn = Zurückgezogen
desk-used-up = Aufgebraucht
desk-ended = Nicht mehr gültig
desk-code-closed = Dieser Code ist vorerst geschlossen
desk-unknown = Keiner unserer Codes
desk-takes-pin = Für diesen Code braucht es die PIN
desk-pin-wrong = Die PIN ist falsch
desk-pin-locked = Zu viele falsche PINs
desk-forbidden = Sie sind für diese Liste nicht eingeteilt
desk-session-over = Bitte neu anmelden
desk-not-checked = Nicht geprüft
desk-no-code = Ohne Code
desk-print-code = Code zeigen oder drucken

## Forms

form-made = Hier ist Ihr Code.
form-made-advice = Speichern oder drucken Sie ihn. Diese Seite zeigt ihn wieder, solange Sie die Adresse behalten.
form-send = Absenden
form-missing = Bitte ausfüllen.
form-too-long = Das ist zu lang.
form-wrong = Das passt nicht zu dem, was hier gefragt ist.
form-number = Diese Zahl geht hier nicht. Lassen Sie Tausenderpunkte weg.
form-date = Das ist kein Datum.
form-email = Das ist keine E-Mail-Adresse.
form-url = Das ist keine Webadresse, die mit https:// beginnt.
form-consent = Kreuzen Sie dies an, um fortzufahren.
form-errors = Etwas stimmt noch nicht. Was, steht bei den Feldern.
form-too-large = Das ist mehr, als in einen Code passt. Kürzen Sie, was Sie eingegeben haben.
form-not-made = Es wurde kein Code erstellt. Was Sie eingegeben haben, ist noch da: Versuchen Sie es später noch einmal.
form-optional = freiwillig
form-choose = bitte wählen
form-more = Noch einen Eintrag
form-trap = Lassen Sie dies leer

## Zugänge zum Empfang

pass = Zugang zum Empfang
pass-list = Liste
pass-until = Gültig bis
pass-advice = Damit scannt dieses Telefon Codes für diese Liste. Der Zugang gilt einmal und für ein Telefon.
pass-sign-in = Dieses Telefon anmelden
pass-used = Dieser Zugang wurde schon benutzt
pass-used-at = Telefon angemeldet
pass-browser = Telefon
pass-used-advice = Ein Zugang gilt nur für ein Telefon. Wenn es nicht Ihres ist, sagen Sie es der Person, von der Sie ihn haben, und bitten Sie um einen neuen.
pass-ended = Dieser Zugang ist nicht mehr gültig
pass-unknown = Dieser Zugang ist hier nicht bekannt
pass-over = Der Zugang dieses Telefons ist abgelaufen
pass-ask = Bitten Sie die Person, von der Sie ihn haben, um einen neuen.
pass-needs-https = Die Anmeldung geht nur auf einer Seite mit https. Wer den Server betreibt, kann das einrichten.
pass-leave = Dieses Telefon abmelden

## Wer drinnen ist

roll-call = Anwesenheitsliste
roll-call-find = Name oder eine andere Angabe
roll-call-search = Suchen
roll-call-all = Alle zeigen
roll-call-nobody = Niemand
roll-call-more = Es sind mehr Personen drinnen, als diese Seite zeigen kann.
roll-call-tick = Ein Häkchen zeigt, wen Sie gefunden haben. Häkchen werden nicht gespeichert: Sie verschwinden, wenn Sie suchen oder jemanden austragen.
roll-call-people = Personen
roll-call-let-out = Austragen

## Namensschilder

badge-again = Namensschild noch einmal drucken
badge-print = Drucken Sie diese Seite, um das Namensschild zu erhalten.
