### Co czytają posiadacze, po polsku.

## Times

month-1 = stycznia
month-2 = lutego
month-3 = marca
month-4 = kwietnia
month-5 = maja
month-6 = czerwca
month-7 = lipca
month-8 = sierpnia
month-9 = września
month-10 = października
month-11 = listopada
month-12 = grudnia
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
date-time-zone = { $date }, { $time } { $zone }
beyond-calendar = { $seconds } sekund po 1970 roku

## Every page

languages = Język

## A document, open or not

document-from = Dokument od { $issuer }
sealed-document-from = Zapieczętowany dokument od
issued = Wystawiono
readable-until = Można czytać do
opens-until = Otwiera się do
opens-left = Pozostałe otwarcia
opens-left-of = { $left } z { $most }
no-end = bez terminu
token-id = Identyfikator
document = Dokument

last-open = Tego kodu nie można już otworzyć ponownie.
last-open-advice = Pozostaw tę stronę otwartą, dopóki potrzebujesz dokumentu, albo ją wydrukuj. Przez dwie minuty można ją odświeżyć.
opens-again =
    { $left ->
        [one] Ten kod można otworzyć jeszcze raz.
        [few] Ten kod można otworzyć jeszcze { $left } razy.
       *[other] Ten kod można otworzyć jeszcze { $left } razy.
    }

download-json = Pobierz JSON
copy-json = Kopiuj JSON
copied = Skopiowano
selected = Zaznaczono, teraz skopiuj
print = Drukuj
json-as-sealed = JSON w zapieczętowanej postaci
what-the-seal-shows = Pieczęć dowodzi, że ten dokument wystawił { $issuer } i że od tego czasu nikt go nie zmienił. Nie mówi, kto przekazał Ci kod.

## Inside a document

yes = tak
no = nie
nothing = nie podano
empty-text = pusty tekst
no-entries = brak pozycji
empty = puste
no-name = bez nazwy

## Reading on

level = Poziom { $level }
levels = „Poziom 5” i wyższy przed nagłówkiem mówi, jak głęboko w dokumencie się znajduje: strona jest za wąska, by to pokazać.
open-address = Otwórz { $host }
write-to = Napisz e-mail
call = Zadzwoń
qr-code = Kod QR tego dokumentu
check-paper = Zeskanuj go, aby porównać ten wydruk z dokumentem.
whom-to-ask = Kogo zapytać:

## Opening

open-once = Otwiera się jeden raz
open-once-advice = Potem nikt go już nie otworzy. Samo obejrzenie tej strony się nie liczy, liczy się naciśnięcie przycisku.
open-last = Otwiera się jeszcze jeden raz
open-last-advice = Otwarto go już { $opened } z { $most } razy. Po następnym razie nikt go już nie otworzy. Samo obejrzenie tej strony się nie liczy, liczy się naciśnięcie przycisku.
open-several = Otwiera się jeszcze { $left } razy
open-several-advice = Samo obejrzenie tej strony się nie liczy, liczy się naciśnięcie przycisku.
open-pin = Wymaga kodu PIN
open-pin-advice = Osoba, od której masz kod, podała Ci PIN albo wysłała go inną drogą.
open-again = Właśnie go otwarto
open-again-advice = Przez dwie minuty ta przeglądarka może ponownie pokazać dokument i to się nie liczy.
open-again-pin = PIN trzeba podać jeszcze raz.
open-document = Otwórz dokument
pin = PIN
pin-has-letters = PIN zawiera litery
pin-with-letters = PIN z literami
pin-missing = Wpisz PIN.
pin-impossible = PIN ma od 4 do 64 znaków, bez spacji na początku i na końcu.
pin-wrong = PIN jest nieprawidłowy.
tries-left =
    { $left ->
        [0] To była na razie ostatnia próba.
        [one] Pozostała jedna próba.
        [few] Pozostały { $left } próby.
       *[other] Pozostało { $left } prób.
    }

## A code that leads elsewhere

link-from = Link od { $issuer }
code-from = Kod od
link-leads-to = Ten kod prowadzi do
link-check = Przejdź dalej, jeśli znasz ten adres i spodziewasz się go tutaj.
link-opened = Otwarcie zostało policzone. Adres widać tylko tutaj.
link-last-open = Tego kodu nie można już otworzyć ponownie.
link-looks-like = Uwaga: ten adres tylko przypomina
link-mixes-scripts = Uwaga: ten adres miesza litery kilku alfabetów, więc może udawać inny.
link-go = Dalej
link-not-ours = To, co jest pod tym adresem, nie pochodzi od { $issuer } i nikt tutaj tego nie sprawdził.
open-link = Pokaż, dokąd prowadzi
leads-from = Będzie dokądś prowadzić od { $time }.

## Destroying

destroy = Gotowe, zniszcz kod
destroy-question = Zniszczyć kod?
destroy-warning = Nikt już nie otworzy nim dokumentu, Ty też nie, i nie da się tego cofnąć. { $issuer } zobaczy, że posiadacz zniszczył kod, i kiedy to zrobił.
destroy-keep = Aby go zachować, nic nie rób.
destroy-back = Pokaż dokument
destroy-for-good = Zniszcz na zawsze
destroyed = Kod jest zniszczony
destroyed-since = Od { $time } nie otwiera się już nikomu.
destroyed-pages = Strona, na której dokument jest wciąż widoczny, na tym telefonie lub innym, sama nie zniknie: zamknij ją.

## At the desk

show-at-desk = Pokaż ten kod w recepcji
show-at-desk-advice = Tam zeskanuje go obsługa. Nikt inny nie zobaczy, co zawiera.
to-desk = Dla obsługi: sprawdź ten kod
valid-until = Ważny do
code-to-show = Kod QR do pokazania
show-code-advice = Przyłóż go do czytnika. Jeśli nie daje się odczytać, rozjaśnij ekran.

## Dead ends

what-to-do-now = Co teraz zrobić
try-again = Spróbuj ponownie
start-page = Strona główna
problem = Problem
request-id = Numer żądania

expired-at = Można go było otworzyć do { $time }.
last-opened-at = Ostatnio otwarto go { $time }.
withdrawn-by-issuer-at = Wystawca wycofał go { $time }.
destroyed-by-holder-at = Posiadacz zniszczył go { $time }.
pin-locked-until = Z Twojej sieci nie przyjmuje kodu PIN do { $time }.
pin-locked-for-good = Nie przyjmuje kodu PIN, dopóki wystawca go nie odblokuje.
staff-only = Kod jest dla obsługi: otwiera się go w recepcji, przy rejestracji wejścia.

problem-token_not_recognised = Ten kod nie został rozpoznany
    .explanation = Kod odczytano, ale nie wystawił go ten serwer: może należeć do innej usługi, być ucięty albo zmieniony. Nie mówimy, co z tego zachodzi, aby nikt nie dowiedział się niczego metodą prób.
    .next = Zeskanuj jeszcze raz cały kod, przy dobrym świetle. Jeśli to nie pomoże, poproś o nowy osobę, od której go masz.
problem-token_expired = Ten kod wygasł
    .explanation = Kod jest prawdziwy, ale wystawiono go z terminem, który już minął.
    .next = Poproś o nowy osobę, od której masz kod.
problem-token_used_up = Ten kod został już użyty
    .explanation = Kod jest prawdziwy, ale można go było otworzyć tylko określoną liczbę razy i ktoś to zrobił. Podglądy linków i powtórzone żądania się nie liczą; liczy się otwarcie przez człowieka albo przez program, który naciska przyciski.
    .next = Jeśli to Ty, wszystko w porządku: przeglądarka, która go otworzyła, może jeszcze przez dwie minuty pokazać dokument, a osoba, od której masz kod, może zrobić nowy. Jeśli nie, powiedz jej o tym: przeczytał go ktoś inny.
problem-token_revoked = Ten kod został wycofany
    .explanation = Kod jest prawdziwy, ale jego wystawca lub posiadacz zakończył go przed czasem.
    .next = Poproś o nowy osobę, od której masz kod.
problem-token_gone = To, do czego prowadził ten kod, już nie istnieje
    .explanation = Kod jest prawdziwy, ale jego dokument był przechowywany na serwerze i już go tam nie ma: jakiś czas temu wygasł, został wyczerpany lub wycofany.
    .next = Poproś o nowy osobę, od której masz kod.
problem-token_closed = Ten kod jest na razie zamknięty
    .explanation = Kod jest prawdziwy, ale otwiera się tylko określoną liczbę razy lub wymaga kodu PIN, a serwer przywrócono z kopii zapasowej: nie wie, czy kod był od tego czasu otwierany. Żadne otwarcie nie zostało zużyte.
    .next = Zapytaj osobę, od której masz kod: może ponownie otworzyć takie kody albo dać Ci nowy.
problem-link_disabled = Ten kod na razie donikąd nie prowadzi
    .explanation = Kod jest prawdziwy, ale jego twórca go wyłączył. Może go znowu włączyć.
    .next = Spróbuj później albo zapytaj osobę, od której masz kod.
problem-not_yet = Na ten kod jest za wcześnie
    .explanation = Kod jest prawdziwy i zacznie dokądś prowadzić później.
    .next = Zeskanuj go wtedy ponownie.
problem-target_blocked = Ten kod nie prowadzi dalej
    .explanation = Kod jest prawdziwy, ale ten serwer nikogo nie wysyła pod adres, do którego on prowadzi: adres jest na liście szkodliwych stron albo nie jest już tutaj dozwolony.
    .next = Nie szukaj tego adresu inną drogą. Powiedz o tym osobie, od której masz kod.
problem-key_retired = Ten kod wycofano z użycia
    .explanation = Kod jest prawdziwy, ale wystawca wyłączył klucz, którym go zapieczętowano, a z nim wszystkie kody tego klucza.
    .next = Poproś o nowy osobę, od której masz kod.
problem-open_required = Ten kod trzeba otworzyć
    .explanation = Otwarcie się liczy albo wymaga kodu PIN, dlatego nie dzieje się samo.
    .next = Zeskanuj kod ponownie i naciśnij przycisk.
problem-pin_incorrect = PIN jest nieprawidłowy
    .explanation = To nie jest PIN tego kodu. Żadne otwarcie nie zostało zużyte.
    .next = Sprawdź PIN i wpisz go ponownie.
problem-pin_locked = Zbyt wiele błędnych kodów PIN
    .explanation = Po pięciu błędnych kodach PIN sieć musi odczekać 15 minut, za każdym razem dłużej; po 20 skądkolwiek kod pozostaje zablokowany, dopóki wystawca go nie odblokuje.
    .next = Odczekaj i spróbuj z właściwym kodem PIN. Jeśli go nie znasz, zapytaj osobę, od której masz kod.
problem-cross_site = Formularz pochodził z innej witryny
    .explanation = Formularze są przyjmowane tylko ze stron tej witryny.
    .next = Otwórz stronę tej witryny i wyślij formularz z niej.
problem-rate_limited = Zbyt wiele żądań
    .explanation = W krótkim czasie lub w ciągu dnia przyszło ich więcej, niż wolno z jednego miejsca, aby starczyło dla wszystkich. Niczego nie policzono i żadne otwarcie nie zostało zużyte.
    .next = Odczekaj chwilę i spróbuj ponownie. Sam kod nie przepadł.
problem-request_timeout = Żądanie docierało zbyt długo
    .explanation = To, co wysyła Twój telefon, musi dotrzeć w czasie wyznaczonym przez serwer.
    .next = Wyślij je ponownie przez lepsze połączenie.
problem-malformed_request = Żądanie jest nieprawidłowe
    .explanation = To, co dotarło, nie jest żądaniem wysyłanym przez przeglądarkę: coś po drodze je zmieniło albo ucięło.
    .next = Wyślij je ponownie przez lepsze połączenie.
problem-uri_too_long = Adres jest za długi
    .explanation = Link jest dłuższy, niż może być adres, więc zawarty w nim kod nie jest cały.
    .next = Poproś o kod QR lub krótszy link osobę, od której masz ten link. Program wysyła token w treści żądania POST do `/api/decrypt/qrcode-details`.
problem-not_found = Nie znaleziono
    .explanation = Żadna strona nie ma tego adresu.
    .next = Sprawdź adres albo zacznij od strony głównej.
problem-temporarily_unavailable = Chwilowo niedostępne
    .explanation = Serwer jest zajęty, jego zegar lub pęk kluczy ma kłopot albo kod potrzebuje czegoś, czego ten serwer nie ma. Sam kod nie przepadł.
    .next = Spróbuj ponownie za chwilę.
problem-internal = Coś poszło nie tak na serwerze
    .explanation = To błąd serwera, nie Twój. Jest zapisany w dzienniku serwera pod numerem żądania.
    .next = Spróbuj ponownie; jeśli to nie pomoże, podaj operatorowi numer żądania.

## Messages

message = Wiadomość
message-write = Napisz wiadomość
message-lead = Otrzymasz kod QR. Kto go zeskanuje, przeczyta wiadomość.
message-how-long = Można ją czytać przez
message-1-hour = godzinę
message-1-day = dzień
message-7-days = 7 dni
message-30-days = 30 dni
message-1-year = rok
message-once = Można ją przeczytać tylko raz
message-pin = Pytaj o PIN (zostanie dla Ciebie wybrany)
message-make = Utwórz kod QR
message-impossible = Wiadomość ma od 1 do 10 000 znaków.
message-too-many = To więcej, niż można na razie napisać z jednego miejsca. Spróbuj później.
message-code = Kod QR Twojej wiadomości
message-code-lead = Pokaż go, wyślij albo wydrukuj: kto go zeskanuje, przeczyta wiadomość.
message-code-once = Kto pierwszy go zeskanuje i naciśnie przycisk, przeczyta wiadomość; potem nie zrobi tego już nikt.
message-download = Pobierz
message-pin-shown = Potrzebuje go każdy, kto zeskanuje kod. Widać go tylko tutaj: przekaż go inną drogą.
message-link = Link zawarty w kodzie
message-copy = Kopiuj link
message-manage = Tylko dla Ciebie:
message-manage-lead = pod tym linkiem widać, czy wiadomość przeczytano, i można ją usunąć. Nie pokazuje on wiadomości.
message-manage-open = Zobacz i usuń
message-manage-copy = Kopiuj ten link
message-another = Napisz kolejną wiadomość
manage-title = Twoja wiadomość
manage-read = Przeczytano ją
manage-not-read = Jeszcze jej nie przeczytano
manage-not-counted = Można ją czytać dowolną liczbę razy i nikt tego nie liczy.
manage-read-at = Przeczytano
manage-delete-warning = Potem nikt jej już nie przeczyta. Nie da się tego cofnąć.
manage-delete = Usuń wiadomość
manage-deleted = Wiadomość jest usunięta
manage-deleted-since = Nikt nie może jej przeczytać od
written-by-visitor = Napisał to gość, nie { $issuer }
message-from = Wiadomość od
message-from-issuer = Wiadomość od { $issuer }
copy-message = Kopiuj wiadomość
report = Zgłoś tę wiadomość
report-question = Co jest z nią nie tak?
report-advice = { $issuer } dowie się, o którą wiadomość chodzi i co tu wybierasz, ale nie jej treści.
report-fraud = Próbuje mnie oszukać
report-abuse = Obraża lub grozi
report-other = Coś innego
reported = Dziękujemy, wiadomość została zgłoszona
reported-advice = { $issuer } może ją teraz usunąć. Możesz zamknąć tę stronę.

written-by-visitor-advice = Każdy może tu pisać wiadomości, a { $issuer } tej nie sprawdził.

## Forms

form-made = To jest kod tej strony.
form-made-advice = Zapisz go lub wydrukuj. Ta strona pokaże go ponownie, dopóki zachowasz jej adres.
form-send = Wyślij
form-missing = To pole nie jest jeszcze wypełnione.
form-too-long = To jest za długie.
form-wrong = Nie o to tutaj chodzi.
form-number = To nie jest liczba, którą można tu podać. Proszę pominąć znaki między tysiącami.
form-date = To nie jest data.
form-email = To nie jest adres e-mail.
form-url = To nie jest adres internetowy zaczynający się od https://.
form-consent = Zaznacz to, aby przejść dalej.
form-errors = Coś się jeszcze nie zgadza. Informacja jest przy polach.
form-too-large = To więcej, niż mieści się w kodzie. Proszę skrócić wpisany tekst.
form-not-made = Kod nie powstał. Wpisany tekst pozostał: proszę spróbować później.
form-optional = nieobowiązkowe
form-choose = wybierz
form-more = Dodaj kolejną pozycję
form-trap = Pozostaw to pole puste

## The desk

desk = Recepcja
desk-choose-list = Wybierz listę
desk-no-lists = Nie przydzielono Ci jeszcze żadnej listy. Zapytaj organizatora wydarzenia.
desk-inside = W środku
desk-gate = Wejście
desk-no-gate = Bez wejścia
desk-choose = Wybierz
desk-direction = Kierunek
desk-entry = Wejście
desk-exit = Wyjście
desk-code = Kod
desk-code-hint = Zeskanuj go czytnikiem albo wpisz cyfry.
desk-pin = PIN
desk-check = Sprawdź
desk-last = Twoje ostatnie skany
desk-undo = Cofnij
desk-undone = Cofnięto
desk-point = Obraz z aparatu
desk-camera-on = Włącz aparat
desk-camera-off = Wyłącz aparat
desk-camera-https = Aparat działa tylko na stronie otwartej przez https.
desk-camera-denied = Nie można użyć aparatu. Zezwól na niego dla tej strony w ustawieniach przeglądarki.
desk-light = Światło
desk-unreachable = Serwer jest nieosiągalny. Kod nie został jeszcze sprawdzony; trwa ponowna próba.
desk-since = Wpuszczono
desk-by = Kto wpuścił
desk-by-pass = Przepustka
desk-no-entry = Nie było w środku
desk-let-in = Wpuszczono
desk-let-out = Wypuszczono
desk-already-in = Już wpuszczono
desk-not-on-list = Nie dla tej listy
desk-closed = Lista nie jest teraz otwarta
desk-full = Komplet
desk-code-closed = Ten kod jest na razie zamknięty
desk-expired = Wygasł
desk-withdrawn = Wycofany
desk-used-up = Zużyty
desk-ended = Już nieważny
desk-unknown = To nie jest nasz kod
desk-takes-pin = Ten kod wymaga kodu PIN
desk-pin-wrong = PIN jest nieprawidłowy
desk-pin-locked = Zbyt wiele błędnych kodów PIN
desk-forbidden = Nie pracujesz przy tej liście
desk-session-over = Zaloguj się ponownie
desk-not-checked = Nie sprawdzono
desk-no-code = Bez kodu
desk-print-code = Pokaż lub wydrukuj kod

## Passes, the roll call, badges

pass = Przepustka na stanowisko
pass-list = Lista
pass-until = Ważna do
pass-advice = Z nią ten telefon skanuje kody tej listy. Działa raz, na jednym telefonie.
pass-sign-in = Zaloguj ten telefon
pass-used = Ta przepustka została już użyta
pass-used-at = Telefon zalogowano
pass-browser = Telefon
pass-used-advice = Przepustka działa tylko na jednym telefonie. Jeśli to nie Twój, powiedz o tym osobie, od której ją masz, i poproś o nową.
pass-ended = Ta przepustka nie jest już ważna
pass-unknown = Ta przepustka nie jest tu znana
pass-over = Przepustka tego telefonu wygasła
pass-ask = Poproś o nową osobę, od której ją masz.
pass-needs-https = Logowanie działa tylko na stronie otwartej przez https. Może to ustawić osoba, która prowadzi serwer.
pass-leave = Wyloguj ten telefon
roll-call = Lista obecności
roll-call-find = Nazwisko lub inna informacja
roll-call-search = Szukaj
roll-call-all = Pokaż wszystkich
roll-call-nobody = Nikogo
roll-call-more = W środku jest więcej osób, niż ta strona może pokazać.
roll-call-tick = Zaznaczenie oznacza, że dana osoba została odnaleziona. Zaznaczenia nie są zapisywane: znikają po wyszukaniu lub wypuszczeniu kogoś.
roll-call-people = Osoby
roll-call-let-out = Wypuść
badge-again = Wydrukuj identyfikator ponownie
badge-print = Wydrukuj tę stronę, aby otrzymać identyfikator.
