### Wat houders lezen, in het Nederlands.

## Times

month-1 = januari
month-2 = februari
month-3 = maart
month-4 = april
month-5 = mei
month-6 = juni
month-7 = juli
month-8 = augustus
month-9 = september
month-10 = oktober
month-11 = november
month-12 = december
date = { $day } { $month } { $year }
date-time = { $date } om { $time }
date-time-zone = { $date } om { $time } { $zone }
beyond-calendar = { $seconds } seconden na 1970

## Every page

languages = Taal

## A document, open or not

document-from = Document van { $issuer }
sealed-document-from = Verzegeld document van
issued = Uitgegeven
readable-until = Leesbaar tot
opens-until = Opent tot
opens-left = Nog te openen
opens-left-of = { $left } van { $most }
no-end = geen einddatum
token-id = Kenmerk
document = Document

last-open = Deze code kan niet opnieuw worden geopend.
last-open-advice = Laat deze pagina open zolang u het document nodig hebt, of druk haar af. Twee minuten lang kunt u haar opnieuw laden.
opens-again =
    { $left ->
        [one] Deze code kan nog één keer worden geopend.
       *[other] Deze code kan nog { $left } keer worden geopend.
    }

download-json = JSON downloaden
copy-json = JSON kopiëren
copied = Gekopieerd
selected = Geselecteerd, nu kopiëren
print = Afdrukken
json-as-sealed = JSON zoals het verzegeld is
what-the-seal-shows = Het zegel toont dat { $issuer } dit document heeft uitgegeven en dat niemand het sindsdien heeft veranderd. Het toont niet wie u de code heeft gegeven.

## Inside a document

yes = ja
no = nee
nothing = niet ingevuld
empty-text = lege tekst
no-entries = niets vermeld
empty = leeg
no-name = zonder naam

## Reading on

level = Niveau { $level }
levels = ‘Niveau 5’ en hoger voor een kop zegt hoe diep die in het document staat: de pagina is te smal om het te laten zien.
open-address = { $host } openen
write-to = E-mail schrijven
call = Bellen
qr-code = QR-code van dit document
check-paper = Scan hem om dit papier met het document te vergelijken.
whom-to-ask = Bij wie u terechtkunt:

## Opening

open-once = Hij opent één keer
open-once-advice = Daarna kan niemand hem nog openen. Deze pagina bekijken telt niet; de knop telt.
open-last = Hij opent nog één keer
open-last-advice = Hij is al { $opened } van { $most } keer geopend. Na de volgende keer kan niemand hem nog openen. Deze pagina bekijken telt niet; de knop telt.
open-several = Hij opent nog { $left } keer
open-several-advice = Deze pagina bekijken telt niet; de knop telt.
open-pin = Hij vraagt om zijn pincode
open-pin-advice = Wie u de code gaf, heeft u de pincode verteld of langs een andere weg gestuurd.
open-again = U hebt hem zojuist geopend
open-again-advice = Twee minuten lang krijgt deze browser het document opnieuw, en dat telt niet.
open-again-pin = De pincode is daarvoor nogmaals nodig.
open-document = Document openen
pin = Pincode
pin-has-letters = De pincode bevat letters
pin-with-letters = Pincode met letters
pin-missing = Typ de pincode.
pin-impossible = Een pincode heeft 4 tot 64 tekens, zonder spaties aan het begin of eind.
pin-wrong = De pincode is onjuist.
tries-left =
    { $left ->
        [0] Dat was voorlopig de laatste poging.
        [one] Er is nog één poging.
       *[other] Er zijn nog { $left } pogingen.
    }

## A code that leads elsewhere

link-from = Link van { $issuer }
code-from = Code van
link-leads-to = Deze code leidt naar
link-check = Ga verder als u dit adres kent en het hier verwacht.
link-opened = Het openen is geteld. Het adres staat alleen hier.
link-last-open = Deze code kan niet opnieuw worden geopend.
link-looks-like = Pas op: dit adres lijkt alleen maar op
link-mixes-scripts = Pas op: dit adres mengt letters van verschillende alfabetten en kan daardoor op een ander lijken.
link-go = Verder
link-not-ours = Wat op dit adres staat, komt niet van { $issuer }, en niemand hier heeft ernaar gekeken.
open-link = Laten zien waar hij heen leidt
leads-from = Hij leidt vanaf { $time } ergens heen.

## Destroying

destroy = Ik ben klaar, code vernietigen
destroy-question = De code vernietigen?
destroy-warning = Niemand kan het document er dan nog mee openen, ook u niet, en dit kan niet ongedaan worden gemaakt. { $issuer } ziet dat de houder hem heeft vernietigd, en wanneer.
destroy-keep = Wilt u hem houden, doe dan niets.
destroy-back = Document tonen
destroy-for-good = Definitief vernietigen
destroyed = De code is vernietigd
destroyed-since = Sinds { $time } opent hij niet meer, voor niemand.
destroyed-pages = Een pagina waarop het document nog staat, op deze telefoon of een andere, verdwijnt hierdoor niet: sluit haar.

## At the desk

show-at-desk = Laat deze code bij de balie zien
show-at-desk-advice = Daar scant een medewerker hem. Wat erin staat, wordt aan niemand anders getoond.
to-desk = Voor medewerkers: deze code controleren
valid-until = Geldig tot
code-to-show = QR-code om te laten zien
show-code-advice = Houd hem voor de scanner. Zet uw scherm helderder als hij niet wordt gelezen.

## Dead ends

what-to-do-now = Wat u nu kunt doen
try-again = Opnieuw proberen
start-page = Startpagina
problem = Probleem
request-id = Nummer van het verzoek

expired-at = Hij kon worden geopend tot { $time }.
last-opened-at = Hij is voor het laatst geopend op { $time }.
withdrawn-by-issuer-at = De uitgever heeft hem op { $time } ingetrokken.
destroyed-by-holder-at = De houder heeft hem op { $time } vernietigd.
pin-locked-until = Vanuit uw netwerk neemt hij tot { $time } geen pincode aan.
pin-locked-for-good = Hij neemt geen pincode aan tot de uitgever hem vrijgeeft.
staff-only = De code is voor medewerkers: hij gaat open bij de balie, bij het inchecken.

problem-token_not_recognised = Deze code wordt niet herkend
    .explanation = De code is gelezen, maar deze server heeft hem niet uitgegeven: hij kan van een andere dienst zijn, afgebroken of veranderd. Welke van deze het is, wordt niet gezegd, zodat niemand iets leert door te proberen.
    .next = Scan de hele code opnieuw, bij goed licht. Blijft het zo, vraag dan een nieuwe aan wie u de code gaf.
problem-token_expired = Deze code is verlopen
    .explanation = De code is echt, maar hij is met een einddatum uitgegeven, en die is voorbij.
    .next = Vraag een nieuwe aan wie u de code gaf.
problem-token_used_up = Deze code is al gebruikt
    .explanation = De code is echt, maar hij kon maar een aantal keer worden geopend, en dat heeft iemand gedaan. Voorbeelden van links en herhaalde verzoeken tellen niet; wat telt, is openen door een mens, of door een programma dat op knoppen drukt.
    .next = Was u het zelf, dan is alles in orde: de browser die hem opende, krijgt het document nog twee minuten lang opnieuw, en wie u de code gaf kan een nieuwe maken. Zo niet, zeg het dan daar: iemand anders heeft het gelezen.
problem-token_revoked = Deze code is ingetrokken
    .explanation = De code is echt, maar wie hem uitgaf of in bezit had, heeft hem voortijdig beëindigd.
    .next = Vraag een nieuwe aan wie u de code gaf.
problem-token_gone = Waar deze code heen leidde, is er niet meer
    .explanation = De code is echt, maar zijn document stond op de server en is daar niet meer: het is enige tijd geleden verlopen, opgebruikt of ingetrokken.
    .next = Vraag een nieuwe aan wie u de code gaf.
problem-token_closed = Deze code is voorlopig gesloten
    .explanation = De code is echt, maar hij opent maar een beperkt aantal keren of vraagt een pincode, en de server is uit een back-up hersteld: hij weet niet of de code sindsdien is geopend. Er is geen opening verbruikt.
    .next = Vraag het aan wie u de code gaf: die kan zulke codes weer openstellen of u een nieuwe geven.
problem-link_disabled = Deze code leidt nu nergens heen
    .explanation = De code is echt, maar wie hem maakte, heeft hem uitgeschakeld. Hij kan weer worden ingeschakeld.
    .next = Probeer het later opnieuw, of vraag het aan wie u de code gaf.
problem-not_yet = Het is te vroeg voor deze code
    .explanation = De code is echt, en leidt later ergens heen.
    .next = Scan hem dan opnieuw.
problem-target_blocked = Deze code leidt niet verder
    .explanation = De code is echt, maar naar het adres waar hij heen leidt, stuurt deze server niemand: het staat op een lijst van schadelijke sites, of is hier niet meer toegestaan.
    .next = Zoek het adres niet op een andere manier op. Zeg het tegen wie u de code gaf.
problem-key_retired = Deze code geldt niet meer
    .explanation = De code is echt, maar de uitgever heeft de sleutel uitgeschakeld waarmee hij verzegeld was, en daarmee elke code van die sleutel.
    .next = Vraag een nieuwe aan wie u de code gaf.
problem-open_required = Deze code moet worden geopend
    .explanation = Hem openen telt of vraagt een pincode; daarom gebeurt het niet vanzelf.
    .next = Scan de code opnieuw en druk op de knop.
problem-pin_incorrect = De pincode is onjuist
    .explanation = Dit is niet de pincode van deze code. Het telt niet als openen.
    .next = Controleer de pincode en typ haar opnieuw.
problem-pin_locked = Te veel onjuiste pincodes
    .explanation = Na vijf onjuiste pincodes moet een netwerk 15 minuten wachten, elke keer langer; na 20, waarvandaan ook, blijft de code geblokkeerd tot de uitgever hem vrijgeeft.
    .next = Wacht, en probeer het dan met de juiste pincode. Kent u haar niet, vraag het dan aan wie u de code gaf.
problem-cross_site = Het formulier kwam van een andere site
    .explanation = Formulieren worden alleen aangenomen van de pagina’s van deze site.
    .next = Open de pagina van deze site en stuur het formulier van daar.
problem-rate_limited = Te veel verzoeken
    .explanation = Er kwam in korte tijd, of op één dag, meer dan één plek mag vragen, zodat er ruimte is voor iedereen. Er is niets geteld, en niets geldt als geopend.
    .next = Wacht even en probeer het opnieuw. De code zelf is niet verloren.
problem-request_timeout = Het verzoek kwam niet op tijd aan
    .explanation = Wat uw telefoon stuurt, moet binnen een tijd aankomen die de server bepaalt.
    .next = Stuur het opnieuw via een betere verbinding.
problem-malformed_request = Het verzoek klopt niet
    .explanation = Wat aankwam, is geen verzoek zoals een browser het stuurt: iets onderweg heeft het veranderd of afgebroken.
    .next = Stuur het opnieuw via een betere verbinding.
problem-uri_too_long = Het adres is te lang
    .explanation = De link is langer dan een adres mag zijn, zodat de code erin niet volledig is.
    .next = Vraag een QR-code of een kortere link aan wie u de link gaf. Een programma stuurt het token in de body van een POST naar `/api/decrypt/qrcode-details`.
problem-not_found = Niet gevonden
    .explanation = Geen enkele pagina heeft dit adres.
    .next = Controleer het adres, of begin op de startpagina.
problem-temporarily_unavailable = Nu niet beschikbaar
    .explanation = De server is bezet, zijn klok of sleutelbos heeft een storing, of de code heeft iets nodig dat deze server niet heeft. De code zelf is niet verloren.
    .next = Probeer het zo dadelijk opnieuw.
problem-internal = Er ging iets mis op de server
    .explanation = Het is een fout van de server en ligt niet aan u. Hij staat onder het nummer van het verzoek in het logboek van de server.
    .next = Probeer het opnieuw; blijft het zo, geef de beheerder dan het nummer van het verzoek.

## Messages

message = Bericht
message-write = Een bericht schrijven
message-lead = U krijgt een QR-code. Wie hem scant, leest het bericht.
message-how-long = Het is leesbaar gedurende
message-1-hour = een uur
message-1-day = een dag
message-7-days = 7 dagen
message-30-days = 30 dagen
message-1-year = een jaar
message-once = Het kan één keer worden gelezen
message-pin = Om een pincode vragen (die wordt voor u gekozen)
message-make = QR-code maken
message-impossible = Een bericht heeft 1 tot 10.000 tekens.
message-too-many = Dat is meer dan er nu vanaf één plek geschreven mag worden. Probeer het later opnieuw.
message-code = De QR-code van uw bericht
message-code-lead = Laat hem zien, verstuur hem of druk hem af: wie hem scant, leest het bericht.
message-code-once = Wie hem als eerste scant en op de knop drukt, leest het bericht; daarna kan niemand het meer.
message-download = Downloaden
message-pin-shown = Wie de code scant, heeft haar nodig. Ze staat alleen hier: geef haar langs een andere weg door.
message-link = De link in de code
message-copy = Link kopiëren
message-manage = Alleen voor u:
message-manage-lead = met deze link ziet u of het bericht is gelezen, en verwijdert u het. Hij toont het bericht niet.
message-manage-open = Bekijken en verwijderen
message-manage-copy = Deze link kopiëren
message-another = Nog een bericht schrijven
manage-title = Uw bericht
manage-read = Het is gelezen
manage-not-read = Het is nog niet gelezen
manage-not-counted = Het kan zo vaak worden gelezen als men wil, en niemand telt hoe vaak.
manage-read-at = Gelezen
manage-delete-warning = Daarna kan niemand het nog lezen. Dit kan niet ongedaan worden gemaakt.
manage-delete = Bericht verwijderen
manage-deleted = Het bericht is verwijderd
manage-deleted-since = Niemand kan het meer lezen sinds
written-by-visitor = Geschreven door een bezoeker, niet door { $issuer }
message-from = Bericht van
message-from-issuer = Bericht van { $issuer }
copy-message = Bericht kopiëren
report = Dit bericht melden
report-question = Wat is er mis mee?
report-advice = { $issuer } krijgt te horen om welk bericht het gaat en wat u hier kiest, niet wat erin staat.
report-fraud = Het probeert mij te misleiden
report-abuse = Het beledigt of bedreigt
report-other = Iets anders
reported = Dank u, het bericht is gemeld
reported-advice = { $issuer } kan het nu verwijderen. U kunt deze pagina sluiten.

written-by-visitor-advice = Iedereen kan hier berichten schrijven, en { $issuer } heeft dit niet bekeken.

## Forms

form-made = Dit is de code van deze pagina.
form-made-advice = Bewaar hem of druk hem af. Deze pagina toont hem opnieuw zolang u het adres bewaart.
form-send = Versturen
form-missing = Dit is nog niet ingevuld.
form-too-long = Dit is te lang.
form-wrong = Dit is niet wat hier wordt gevraagd.
form-number = Dit is geen getal dat hier kan. Laat tekens tussen duizendtallen weg.
form-date = Dit is geen datum.
form-email = Dit is geen e-mailadres.
form-url = Dit is geen webadres dat met https:// begint.
form-consent = Vink dit aan om verder te gaan.
form-errors = Er klopt nog iets niet. Wat, staat bij de velden.
form-too-large = Dit is meer dan er in een code past. Kort in wat u hebt getypt.
form-not-made = Er is geen code gemaakt. Wat u hebt getypt staat er nog: probeer het later opnieuw.
form-optional = niet verplicht
form-choose = maak een keuze
form-more = Nog een regel
form-trap = Laat dit leeg

## The desk

desk = Balie
desk-choose-list = Kies een lijst
desk-no-lists = U hebt nog geen lijst gekregen. Vraag het aan wie het evenement leidt.
desk-inside = Binnen
desk-gate = Ingang
desk-no-gate = Geen ingang
desk-choose = Kiezen
desk-direction = Richting
desk-entry = In
desk-exit = Uit
desk-code = Code
desk-code-hint = Scan hem met een handscanner of typ de cijfers.
desk-pin = Pincode
desk-check = Controleren
desk-last = Uw laatste scans
desk-undo = Ongedaan maken
desk-undone = Ongedaan gemaakt
desk-point = Beeld van de camera
desk-camera-on = Camera starten
desk-camera-off = Camera stoppen
desk-camera-https = De camera werkt alleen op een pagina die met https is geopend.
desk-camera-denied = De camera kan niet worden gebruikt. Sta hem voor deze pagina toe in de instellingen van uw browser.
desk-light = Lamp
desk-unreachable = De server is niet bereikbaar. De code is nog niet gecontroleerd; het wordt opnieuw geprobeerd.
desk-since = Binnengelaten
desk-by = Binnengelaten door
desk-by-pass = Pas
desk-no-entry = Was niet binnen
desk-let-in = Binnengelaten
desk-let-out = Uitgelaten
desk-already-in = Al binnengelaten
desk-not-on-list = Niet voor deze lijst
desk-closed = De lijst is nu niet open
desk-full = Vol
desk-code-closed = Deze code is voorlopig gesloten
desk-expired = Verlopen
desk-withdrawn = Ingetrokken
desk-used-up = Opgebruikt
desk-ended = Niet meer geldig
desk-unknown = Geen code van ons
desk-takes-pin = Deze code vraagt zijn pincode
desk-pin-wrong = De pincode is onjuist
desk-pin-locked = Te veel onjuiste pincodes
desk-forbidden = U werkt niet bij deze lijst
desk-session-over = Meld u opnieuw aan
desk-not-checked = Niet gecontroleerd
desk-no-code = Geen code
desk-print-code = Code tonen of afdrukken

## Passes, the roll call, badges

pass = Pas voor de balie
pass-list = Lijst
pass-until = Geldig tot
pass-advice = Hiermee scant deze telefoon codes voor deze lijst. De pas werkt één keer, op één telefoon.
pass-sign-in = Deze telefoon aanmelden
pass-used = Deze pas is al gebruikt
pass-used-at = Telefoon aangemeld
pass-browser = Telefoon
pass-used-advice = Een pas werkt maar op één telefoon. Is dat niet die van u, zeg het dan tegen degene van wie u hem kreeg en vraag om een nieuwe.
pass-ended = Deze pas is niet meer geldig
pass-unknown = Deze pas is hier niet bekend
pass-over = De pas van deze telefoon is afgelopen
pass-ask = Vraag om een nieuwe aan degene van wie u hem kreeg.
pass-needs-https = Aanmelden werkt alleen op een pagina die met https is geopend. Wie de server beheert, kan dat instellen.
pass-leave = Deze telefoon afmelden
roll-call = Aanwezigheidslijst
roll-call-find = Naam of een ander gegeven
roll-call-search = Zoeken
roll-call-all = Iedereen tonen
roll-call-nobody = Niemand
roll-call-more = Er zijn meer mensen binnen dan deze pagina kan tonen.
roll-call-tick = Een vinkje geeft aan wie u hebt gevonden. Vinkjes worden niet bewaard: ze verdwijnen wanneer u zoekt of iemand naar buiten laat.
roll-call-people = Personen
roll-call-let-out = Naar buiten laten
badge-again = Badge opnieuw afdrukken
badge-print = Druk deze pagina af om de badge te krijgen.
