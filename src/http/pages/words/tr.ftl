### Kod sahiplerinin okudukları, Türkçe.

## Times

month-1 = Ocak
month-2 = Şubat
month-3 = Mart
month-4 = Nisan
month-5 = Mayıs
month-6 = Haziran
month-7 = Temmuz
month-8 = Ağustos
month-9 = Eylül
month-10 = Ekim
month-11 = Kasım
month-12 = Aralık
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
date-time-zone = { $date }, { $time } { $zone }
beyond-calendar = 1970’ten { $seconds } saniye sonra

## Every page

languages = Dil

## A document, open or not

document-from = { $issuer } belgesi
sealed-document-from = Mühürlü belge, düzenleyen:
issued = Düzenlenme
readable-until = Son okunma zamanı
opens-until = Son açılma zamanı
opens-left = Kalan açılış
opens-left-of = { $left } / { $most }
no-end = süresiz
token-id = Kimlik no
document = Belge

last-open = Bu kod bir daha açılamaz.
last-open-advice = Belgeye ihtiyacınız olduğu sürece bu sayfayı açık tutun ya da yazdırın. Sayfa iki dakika boyunca yeniden yüklenebilir.
opens-again =
    { $left ->
        [one] Bu kod bir kez daha açılabilir.
       *[other] Bu kod { $left } kez daha açılabilir.
    }

download-json = JSON’u indir
copy-json = JSON’u kopyala
copied = Kopyalandı
selected = Seçildi, şimdi kopyalayın
print = Yazdır
json-as-sealed = Mühürlendiği hâliyle JSON
what-the-seal-shows = Mühür, bu belgeyi { $issuer } tarafının düzenlediğini ve o zamandan beri kimsenin değiştirmediğini gösterir. Kodu size kimin verdiğini göstermez.

## Inside a document

yes = evet
no = hayır
nothing = belirtilmemiş
empty-text = boş metin
no-entries = kayıt yok
empty = boş
no-name = adsız

## Reading on

level = Düzey { $level }
levels = Bir başlığın önündeki “Düzey 5” ve üstü, başlığın belgede ne kadar derinde olduğunu söyler: sayfa bunu göstermek için fazla dar.
open-address = { $host } adresini aç
write-to = E-posta yaz
call = Ara
qr-code = Bu belgenin QR kodu
check-paper = Bu kâğıdı belgeyle karşılaştırmak için kodu tarayın.
whom-to-ask = Kime sorabilirsiniz:

## Opening

open-once = Bir kez açılır
open-once-advice = Ondan sonra kimse bir daha açamaz. Bu sayfaya bakmak sayılmaz; düğmeye basmak sayılır.
open-last = Bir kez daha açılır
open-last-advice = Daha önce { $most } hakkın { $opened } tanesi kullanıldı. Bir sonrakinden sonra kimse bir daha açamaz. Bu sayfaya bakmak sayılmaz; düğmeye basmak sayılır.
open-several = { $left } kez daha açılır
open-several-advice = Bu sayfaya bakmak sayılmaz; düğmeye basmak sayılır.
open-pin = PIN gerekiyor
open-pin-advice = Kodu size veren kişi PIN’i söylemiş ya da başka bir yoldan göndermiştir.
open-again = Kodu az önce açtınız
open-again-advice = Bu tarayıcı belgeyi iki dakika boyunca yeniden gösterebilir ve bu sayılmaz.
open-again-pin = Bunun için PIN yeniden gerekir.
open-document = Belgeyi aç
pin = PIN
pin-has-letters = PIN’de harf var
pin-with-letters = Harfli PIN
pin-missing = PIN’i yazın.
pin-impossible = Bir PIN 4 ile 64 karakter arasındadır; başında ve sonunda boşluk olmaz.
pin-wrong = PIN yanlış.
tries-left =
    { $left ->
        [0] Şimdilik bu son denemeydi.
        [one] Bir deneme hakkı kaldı.
       *[other] { $left } deneme hakkı kaldı.
    }

## A code that leads elsewhere

link-from = { $issuer } bağlantısı
code-from = Kodu veren:
link-leads-to = Bu kod şuraya götürür:
link-check = Bu adresi tanıyor ve burada bekliyorsanız devam edin.
link-opened = Açılış sayıldı. Adres yalnızca burada gösterilir.
link-last-open = Bu kod bir daha açılamaz.
link-looks-like = Dikkat: bu adres yalnızca şuna benziyor:
link-mixes-scripts = Dikkat: bu adres birkaç alfabenin harflerini karıştırıyor ve bu yüzden başka bir adres gibi görünebilir.
link-go = Devam et
link-not-ours = Bu adreste olanlar { $issuer } tarafından sunulmuyor ve burada kimse onlara bakmadı.
open-link = Nereye götürdüğünü göster
leads-from = { $time } tarihinden itibaren bir yere götürecek.

## Destroying

destroy = İşim bitti, kodu yok et
destroy-question = Kod yok edilsin mi?
destroy-warning = Artık kimse, siz bile, belgeyi bu kodla açamaz ve bu geri alınamaz. { $issuer } kodu sahibinin yok ettiğini ve bunun zamanını görür.
destroy-keep = Saklamak için hiçbir şey yapmayın.
destroy-back = Belgeyi göster
destroy-for-good = Tamamen yok et
destroyed = Kod yok edildi
destroyed-since = { $time } tarihinden beri kimse için açılmaz.
destroyed-pages = Belgenin hâlâ göründüğü bir sayfa, bu telefonda ya da başkasında, bununla kaybolmaz: onu kapatın.

## At the desk

show-at-desk = Bu kodu danışmada gösterin
show-at-desk-advice = Görevliler kodu orada tarar. İçeriği başka kimseye gösterilmez.
to-desk = Görevliler için: bu kodu denetle
valid-until = Son geçerlilik
code-to-show = Gösterilecek QR kodu
show-code-advice = Okuyucuya doğru tutun. Okunmazsa ekranınızın parlaklığını artırın.

## Dead ends

what-to-do-now = Şimdi ne yapabilirsiniz
try-again = Yeniden dene
start-page = Başlangıç sayfası
problem = Sorun
request-id = İstek no

expired-at = { $time } tarihine kadar açılabiliyordu.
last-opened-at = Son olarak { $time } tarihinde açıldı.
withdrawn-by-issuer-at = Düzenleyen onu { $time } tarihinde geri çekti.
destroyed-by-holder-at = Sahibi onu { $time } tarihinde yok etti.
pin-locked-until = Ağınızdan { $time } tarihine kadar PIN kabul edilmiyor.
pin-locked-for-good = Düzenleyen kilidi açana kadar PIN kabul edilmiyor.
staff-only = Kod görevliler içindir: danışmada, giriş kaydı sırasında açılır.

problem-token_not_recognised = Bu kod tanınmadı
    .explanation = Kod okundu, ama bu sunucu tarafından verilmedi: başka bir hizmete ait, kesik ya da değiştirilmiş olabilir. Hangisi olduğu söylenmez; böylece kimse deneyerek bir şey öğrenemez.
    .next = Kodun tamamını iyi ışıkta yeniden tarayın. Durum değişmezse kodu size verenden yenisini isteyin.
problem-token_expired = Bu kodun süresi doldu
    .explanation = Kod gerçek, ama bir bitiş zamanıyla verilmişti ve o zaman geçti.
    .next = Kodu size verenden yenisini isteyin.
problem-token_used_up = Bu kod kullanıldı
    .explanation = Kod gerçek, ama yalnızca belirli sayıda açılabiliyordu ve birisi bunu yaptı. Bağlantı önizlemeleri ve yinelenen istekler sayılmaz; bir kişinin ya da düğmelere basan bir programın açması sayılır.
    .next = Bunu yapan sizseniz sorun yok: kodu açan tarayıcı belgeyi iki dakika daha gösterebilir, kodu veren kişi de yenisini yapabilir. Siz değilseniz ona haber verin: belgeyi başkası okudu.
problem-token_revoked = Bu kod geri çekildi
    .explanation = Kod gerçek, ama düzenleyen ya da sahibi onu süresinden önce sona erdirdi.
    .next = Kodu size verenden yenisini isteyin.
problem-token_gone = Bu kodun götürdüğü şey artık yok
    .explanation = Kod gerçek, ama belgesi sunucuda tutuluyordu ve artık orada değil: bir süre önce süresi doldu, tükendi ya da geri çekildi.
    .next = Kodu size verenden yenisini isteyin.
problem-token_closed = Bu kod şimdilik kapalı
    .explanation = Kod gerçek, ama yalnızca belirli sayıda açılıyor ya da PIN istiyor ve sunucu bir yedekten geri yüklendi: kodun o zamandan beri açılıp açılmadığını bilmiyor. Hiçbir açma hakkı harcanmadı.
    .next = Kodu size verene sorun: bu tür kodları yeniden açabilir ya da size yenisini verebilir.
problem-link_disabled = Bu kod şu anda hiçbir yere götürmüyor
    .explanation = Kod gerçek, ama onu yapan kişi kapattı. Yeniden açabilir.
    .next = Daha sonra yeniden deneyin ya da kodu size verene sorun.
problem-not_yet = Bu kod için henüz erken
    .explanation = Kod gerçek ve ileride bir yere götürecek.
    .next = O zaman yeniden tarayın.
problem-target_blocked = Bu kod ileri götürmüyor
    .explanation = Kod gerçek, ama bu sunucu kimseyi götürdüğü adrese göndermiyor: adres zararlı siteler listesinde ya da burada artık izinli değil.
    .next = Adresi başka yoldan aramayın. Kodu size verene haber verin.
problem-key_retired = Bu kod kullanımdan kaldırıldı
    .explanation = Kod gerçek, ama düzenleyen onu mühürleyen anahtarı ve onunla birlikte bu anahtarın bütün kodlarını kapattı.
    .next = Kodu size verenden yenisini isteyin.
problem-open_required = Bu kodun açılması gerekiyor
    .explanation = Açmak sayılır ya da PIN ister; bu yüzden kendiliğinden olmaz.
    .next = Kodu yeniden tarayın ve düğmeye basın.
problem-pin_incorrect = PIN yanlış
    .explanation = Bu, kodun PIN’i değil. Hiçbir açılış harcanmadı.
    .next = PIN’i kontrol edip yeniden yazın.
problem-pin_locked = Çok fazla yanlış PIN
    .explanation = Beş yanlış PIN’den sonra bir ağ 15 dakika, her seferinde daha uzun beklemek zorundadır; nereden olursa olsun 20 yanlıştan sonra kod, düzenleyen açana kadar kilitli kalır.
    .next = Bekleyin, sonra doğru PIN ile deneyin. Bilmiyorsanız kodu size verene sorun.
problem-cross_site = Form başka bir siteden geldi
    .explanation = Formlar yalnızca bu sitenin kendi sayfalarından kabul edilir.
    .next = Bu sitenin sayfasını açıp formu oradan gönderin.
problem-rate_limited = Çok fazla istek
    .explanation = Kısa sürede ya da bir günde, herkese yer kalsın diye tek bir yere izin verilenden fazlası geldi. Hiçbir şey sayılmadı ve hiçbir açılış harcanmadı.
    .next = Biraz bekleyip yeniden deneyin. Kodun kendisi kaybolmadı.
problem-request_timeout = İsteğin gelmesi çok uzun sürdü
    .explanation = Telefonunuzun gönderdiği, sunucunun belirlediği süre içinde gelmelidir.
    .next = Daha iyi bir bağlantıyla yeniden gönderin.
problem-malformed_request = İstek bozuk
    .explanation = Gelen, bir tarayıcının gönderdiği türden bir istek değil: yolda bir şey onu değiştirdi ya da kesti.
    .next = Daha iyi bir bağlantıyla yeniden gönderin.
problem-uri_too_long = Adres çok uzun
    .explanation = Bağlantı bir adresin olabileceğinden uzun; bu yüzden içindeki kod eksik.
    .next = Bağlantıyı size verenden bir QR kodu ya da daha kısa bir bağlantı isteyin. Bir program token’ı `/api/decrypt/qrcode-details` adresine bir POST gövdesinde gönderir.
problem-not_found = Bulunamadı
    .explanation = Bu adreste bir sayfa yok.
    .next = Adresi kontrol edin ya da başlangıç sayfasından başlayın.
problem-temporarily_unavailable = Şu anda kullanılamıyor
    .explanation = Sunucu meşgul, saatinde ya da anahtarlığında bir sorun var ya da kod, bu sunucuda olmayan bir şeye gerek duyuyor. Kodun kendisi kaybolmadı.
    .next = Birazdan yeniden deneyin.
problem-internal = Sunucuda bir şeyler ters gitti
    .explanation = Bu, sunucunun hatası; sizinle ilgisi yok. Sunucu günlüğünde istek numarasıyla kayıtlıdır.
    .next = Yeniden deneyin; sürerse istek numarasını işletene bildirin.

## Messages

message = Mesaj
message-write = Mesaj yaz
message-lead = Bir QR kodu alırsınız. Kodu tarayan herkes mesajı okur.
message-how-long = Okunabileceği süre
message-1-hour = bir saat
message-1-day = bir gün
message-7-days = 7 gün
message-30-days = 30 gün
message-1-year = bir yıl
message-once = Yalnızca bir kez okunabilir
message-pin = PIN sorulsun (sizin için seçilir)
message-make = QR kodunu oluştur
message-impossible = Bir mesaj 1 ile 10.000 karakter arasındadır.
message-too-many = Bu, tek bir yerden şimdilik yazılabilecek olandan fazla. Daha sonra yeniden deneyin.
message-code = Mesajınızın QR kodu
message-code-lead = Gösterin, gönderin ya da yazdırın: kodu tarayan herkes mesajı okur.
message-code-once = Kodu ilk tarayıp düğmeye basan mesajı okur; ondan sonra kimse okuyamaz.
message-download = İndir
message-pin-shown = Kodu tarayan kişiye gerekir. Yalnızca burada gösterilir: başka bir yoldan iletin.
message-link = Koddaki bağlantı
message-copy = Bağlantıyı kopyala
message-manage = Yalnızca sizin için:
message-manage-lead = bu bağlantıyla mesajın okunup okunmadığını görür ve mesajı silersiniz. Bağlantı mesajı göstermez.
message-manage-open = Gör ve sil
message-manage-copy = Bu bağlantıyı kopyala
message-another = Başka bir mesaj yaz
manage-title = Mesajınız
manage-read = Okundu
manage-not-read = Henüz okunmadı
manage-not-counted = İstendiği kadar okunabilir ve kaç kez okunduğunu kimse saymaz.
manage-read-at = Okunma
manage-delete-warning = Ondan sonra kimse okuyamaz. Bu geri alınamaz.
manage-delete = Mesajı sil
manage-deleted = Mesaj silindi
manage-deleted-since = Artık kimse okuyamıyor, şu zamandan beri:
written-by-visitor = Bunu { $issuer } değil, bir ziyaretçi yazdı
message-from = Mesajı gönderen:
message-from-issuer = { $issuer } mesajı
copy-message = Mesajı kopyala
report = Bu mesajı bildir
report-question = Sorun nedir?
report-advice = { $issuer } hangi mesaj olduğunu ve burada ne seçtiğinizi öğrenir, mesajda yazanı öğrenmez.
report-fraud = Beni aldatmaya çalışıyor
report-abuse = Hakaret ya da tehdit içeriyor
report-other = Başka bir şey
reported = Teşekkürler, mesaj bildirildi
reported-advice = { $issuer } artık onu silebilir. Bu sayfayı kapatabilirsiniz.

written-by-visitor-advice = Buraya herkes mesaj yazabilir ve { $issuer } bunu denetlemedi.

## Forms

form-made = Bu, bu sayfanın kodudur.
form-made-advice = Kaydedin ya da yazdırın. Adresi sakladığınız sürece bu sayfa kodu yeniden gösterir.
form-send = Gönder
form-missing = Burası henüz doldurulmadı.
form-too-long = Bu çok uzun.
form-wrong = Burada istenen bu değil.
form-number = Bu, burada geçerli bir sayı değil. Binlik ayırıcıları yazmayın.
form-date = Bu bir tarih değil.
form-email = Bu bir e-posta adresi değil.
form-url = Bu, https:// ile başlayan bir web adresi değil.
form-consent = Devam etmek için bunu işaretleyin.
form-errors = Henüz bir şey doğru değil. Alanların yanında yazıyor.
form-too-large = Bu, bir koda sığandan fazla. Yazdıklarınızı kısaltın.
form-not-made = Kod oluşturulmadı. Yazdıklarınız burada duruyor: daha sonra yeniden deneyin.
form-optional = isteğe bağlı
form-choose = lütfen seçin
form-more = Bir tane daha
form-trap = Burayı boş bırakın

## The desk

desk = Danışma
desk-choose-list = Bir liste seçin
desk-no-lists = Size henüz bir liste verilmedi. Etkinliği yöneten kişiye sorun.
desk-inside = İçeride
desk-gate = Kapı
desk-no-gate = Kapı yok
desk-choose = Seç
desk-direction = Yön
desk-entry = Giriş
desk-exit = Çıkış
desk-code = Kod
desk-code-hint = El tarayıcısıyla tarayın ya da rakamlarını yazın.
desk-pin = PIN
desk-check = Denetle
desk-last = Son taramalarınız
desk-undo = Geri al
desk-undone = Geri alındı
desk-point = Kamera görüntüsü
desk-camera-on = Kamerayı aç
desk-camera-off = Kamerayı kapat
desk-camera-https = Kamera yalnızca https ile açılan bir sayfada çalışır.
desk-camera-denied = Kamera kullanılamıyor. Tarayıcı ayarlarından bu sayfa için izin verin.
desk-light = Işık
desk-unreachable = Sunucuya ulaşılamıyor. Kod henüz denetlenmedi; yeniden deneniyor.
desk-since = İçeri alındı
desk-by = İçeri alan
desk-by-pass = Geçiş
desk-no-entry = İçeride değildi
desk-let-in = Girebilir
desk-let-out = Çıkış yapıldı
desk-already-in = Zaten içeri alındı
desk-not-on-list = Bu liste için değil
desk-closed = Liste şu anda açık değil
desk-full = Dolu
desk-code-closed = Bu kod şimdilik kapalı
desk-expired = Süresi doldu
desk-withdrawn = Geri çekildi
desk-used-up = Tükendi
desk-ended = Artık geçerli değil
desk-unknown = Bizim kodlarımızdan değil
desk-takes-pin = Bu kod PIN ister
desk-pin-wrong = PIN yanlış
desk-pin-locked = Çok fazla yanlış PIN
desk-forbidden = Bu listede görevli değilsiniz
desk-session-over = Yeniden oturum açın
desk-not-checked = Denetlenmedi
desk-no-code = Kodu yok
desk-print-code = Kodu göster veya yazdır

## Passes, the roll call, badges

pass = Masa için geçiş
pass-list = Liste
pass-until = Geçerlilik sonu
pass-advice = Bununla bu telefon bu listenin kodlarını okutur. Bir kez, bir telefonda geçerlidir.
pass-sign-in = Bu telefonda oturum aç
pass-used = Bu geçiş zaten kullanıldı
pass-used-at = Telefonda oturum açıldı
pass-browser = Telefon
pass-used-advice = Bir geçiş yalnızca bir telefonda geçerlidir. O telefon sizinki değilse geçişi veren kişiye söyleyin ve yenisini isteyin.
pass-ended = Bu geçiş artık geçerli değil
pass-unknown = Bu geçiş burada bilinmiyor
pass-over = Bu telefonun geçişi sona erdi
pass-ask = Geçişi veren kişiden yenisini isteyin.
pass-needs-https = Oturum açmak yalnızca https ile açılan bir sayfada olur. Sunucuyu yöneten kişi bunu ayarlayabilir.
pass-leave = Bu telefonda oturumu kapat
roll-call = İçeridekiler
roll-call-find = Ad ya da başka bir bilgi
roll-call-search = Ara
roll-call-all = Herkesi göster
roll-call-nobody = Kimse yok
roll-call-more = İçeride bu sayfanın gösterebileceğinden fazla kişi var.
roll-call-tick = İşaret, kimi bulduğunuzu gösterir. İşaretler kaydedilmez: arama yaptığınızda ya da birini dışarı aldığınızda kaybolur.
roll-call-people = Kişi
roll-call-let-out = Dışarı al
badge-again = Yaka kartını yeniden yazdır
badge-print = Yaka kartı için bu sayfayı yazdırın.
