### ما يقرؤه حاملو الرموز، بالعربية.

## Times

month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
date = { $day } { $month } { $year }
date-time = { $date }، { $time }
date-time-zone = { $date }، { $time } { $zone }
beyond-calendar = بعد عام 1970 بمقدار { $seconds } ثانية

## Every page

languages = اللغة

## A document, open or not

document-from = مستند من { $issuer }
sealed-document-from = مستند مختوم من
issued = صدر في
readable-until = يمكن قراءته حتى
opens-until = يمكن فتحه حتى
opens-left = مرات الفتح المتبقية
opens-left-of = { $left } من { $most }
no-end = بلا انتهاء
token-id = المعرّف
document = المستند

last-open = لا يمكن فتح هذا الرمز مرة أخرى.
last-open-advice = أبقِ هذه الصفحة مفتوحة ما دمت تحتاج إلى المستند، أو اطبعها. يمكن إعادة تحميلها خلال دقيقتين.
opens-again =
    { $left ->
        [one] يمكن فتح هذا الرمز مرة واحدة أخرى.
        [two] يمكن فتح هذا الرمز مرتين أخريين.
        [few] يمكن فتح هذا الرمز { $left } مرات أخرى.
       *[other] يمكن فتح هذا الرمز { $left } مرة أخرى.
    }

download-json = تنزيل JSON
copy-json = نسخ JSON
copied = تم النسخ
selected = تم التحديد، انسخه الآن
print = طباعة
json-as-sealed = نص JSON كما خُتم
what-the-seal-shows = يبيّن الختم أن { $issuer } أصدر هذا المستند وأن أحدًا لم يغيّره منذ ذلك الحين. ولا يبيّن من أعطاك الرمز.

## Inside a document

yes = نعم
no = لا
nothing = غير مذكور
empty-text = نص فارغ
no-entries = لا عناصر
empty = فارغ
no-name = بلا اسم

## Reading on

level = المستوى { $level }
levels = «المستوى 5» فما فوق قبل العنوان يدل على عمقه داخل المستند، فالصفحة أضيق من أن تُظهره.
open-address = فتح { $host }
write-to = كتابة رسالة بريد
call = اتصال
qr-code = رمز QR لهذا المستند
check-paper = امسحه لمقارنة هذه الورقة بالمستند.
whom-to-ask = لمن تتوجه بالسؤال:

## Opening

open-once = يُفتح مرة واحدة
open-once-advice = بعدها لن يستطيع أحد فتحه. النظر إلى هذه الصفحة لا يُحتسب، بل الضغط على الزر.
open-last = يُفتح مرة واحدة أخرى
open-last-advice = سبق فتحه { $opened } من { $most }. بعد المرة القادمة لن يستطيع أحد فتحه. النظر إلى هذه الصفحة لا يُحتسب، بل الضغط على الزر.
open-several = مرات الفتح المتبقية: { $left }
open-several-advice = النظر إلى هذه الصفحة لا يُحتسب، بل الضغط على الزر.
open-pin = يحتاج إلى الرقم السري
open-pin-advice = من أعطاك الرمز أخبرك بالرقم السري أو أرسله إليك بطريقة أخرى.
open-again = لقد فتحته للتو
open-again-advice = خلال دقيقتين يستطيع هذا المتصفح عرض المستند من جديد دون أن يُحتسب ذلك.
open-again-pin = يُطلب الرقم السري مرة أخرى.
open-document = فتح المستند
pin = الرقم السري
pin-has-letters = الرقم السري يحتوي على حروف
pin-with-letters = رقم سري بحروف
pin-missing = اكتب الرقم السري.
pin-impossible = يتكون الرقم السري من 4 إلى 64 خانة، بلا مسافات في أوله أو آخره.
pin-wrong = الرقم السري غير صحيح.
tries-left =
    { $left ->
        [0] كانت هذه آخر محاولة في الوقت الحالي.
        [one] بقيت محاولة واحدة.
        [two] بقيت محاولتان.
        [few] بقيت { $left } محاولات.
       *[other] بقيت { $left } محاولة.
    }

## A code that leads elsewhere

link-from = رابط من { $issuer }
code-from = رمز من
link-leads-to = يقود هذا الرمز إلى
link-check = تابع إن كنت تعرف هذا العنوان وتتوقعه هنا.
link-opened = احتُسب الفتح. لا يظهر العنوان إلا هنا.
link-last-open = لا يمكن فتح هذا الرمز مرة أخرى.
link-looks-like = احذر: هذا العنوان يشبه فقط
link-mixes-scripts = احذر: يخلط هذا العنوان حروفًا من أبجديات مختلفة، فقد يبدو عنوانًا آخر.
link-go = متابعة
link-not-ours = ما في هذا العنوان ليس من { $issuer }، ولم يطّلع عليه أحد هنا.
open-link = إظهار الوجهة
leads-from = سيقود إلى وجهته ابتداءً من { $time }.

## Destroying

destroy = انتهيت، أتلف الرمز
destroy-question = هل تريد إتلاف الرمز؟
destroy-warning = لن يستطيع أحد بعدها فتح المستند به، ولا أنت، ولا يمكن التراجع. سيرى { $issuer } أن حامل الرمز أتلفه، ومتى.
destroy-keep = للإبقاء عليه، لا تفعل شيئًا.
destroy-back = عرض المستند
destroy-for-good = إتلاف نهائي
destroyed = أُتلف الرمز
destroyed-since = منذ { $time } لم يعد يُفتح لأحد.
destroyed-pages = الصفحة التي لا يزال المستند ظاهرًا فيها، على هذا الهاتف أو غيره، لا تختفي بذلك: أغلقها.

## At the desk

show-at-desk = أظهر هذا الرمز في مكتب الاستقبال
show-at-desk-advice = سيمسحه الموظفون هناك، ولا يظهر محتواه لأحد سواهم.
to-desk = للموظفين: التحقق من هذا الرمز
valid-until = صالح حتى
code-to-show = رمز QR للإظهار
show-code-advice = قرّبه من الماسح. وإن لم يُقرأ فزد سطوع الشاشة.

## Dead ends

what-to-do-now = ما الذي يمكنك فعله الآن
try-again = أعد المحاولة
start-page = صفحة البداية
problem = المشكلة
request-id = رقم الطلب

expired-at = كان يمكن فتحه حتى { $time }.
last-opened-at = فُتح آخر مرة في { $time }.
withdrawn-by-issuer-at = سحبه مُصدره في { $time }.
destroyed-by-holder-at = أتلفه حامله في { $time }.
pin-locked-until = لا يقبل الرقم السري من شبكتك حتى { $time }.
pin-locked-for-good = لا يقبل الرقم السري حتى يفكّ مُصدره قفله.
staff-only = الرمز مخصص للموظفين: يُفتح في مكتب الاستقبال عند تسجيل الدخول.

problem-token_not_recognised = لم يُتعرّف على هذا الرمز
    .explanation = قُرئ الرمز، لكن هذا الخادم لم يصدره: ربما يتبع خدمة أخرى، أو هو مقطوع أو معدّل. ولا يُذكر أيّها الصحيح حتى لا يستفيد أحد من التجربة.
    .next = امسح الرمز كاملًا مرة أخرى في إضاءة جيدة. وإن بقي الأمر كذلك فاطلب رمزًا جديدًا ممن أعطاك إياه.
problem-token_expired = انتهت صلاحية هذا الرمز
    .explanation = الرمز أصلي، لكنه صدر بموعد انتهاء، وقد مضى.
    .next = اطلب رمزًا جديدًا ممن أعطاك إياه.
problem-token_used_up = استُعمل هذا الرمز
    .explanation = الرمز أصلي، لكن عدد مرات فتحه كان محدودًا، وقد استنفدها أحد. معاينات الروابط والطلبات المكررة لا تُحتسب؛ وإنما يُحتسب أن يفتحه شخص أو برنامج يضغط الأزرار.
    .next = إن كنت أنت من فتحه فكل شيء على ما يرام: المتصفح الذي فتحه يستطيع عرضه دقيقتين أخريين، ومن أعطاك الرمز يستطيع إصدار رمز جديد. وإن لم تكن أنت فأخبره: لقد قرأه شخص آخر.
problem-token_revoked = سُحب هذا الرمز
    .explanation = الرمز أصلي، لكن مُصدره أو حامله أنهاه قبل موعده.
    .next = اطلب رمزًا جديدًا ممن أعطاك إياه.
problem-token_gone = انتهى ما كان هذا الرمز يقود إليه
    .explanation = الرمز أصلي، لكن مستنده كان محفوظًا على الخادم ولم يعد هناك: انتهت صلاحيته أو استُنفد أو سُحب منذ مدة.
    .next = اطلب رمزًا جديدًا ممن أعطاك إياه.
problem-token_closed = هذا الرمز مغلق مؤقتًا
    .explanation = الرمز أصلي، لكنه يُفتح عددًا محدودًا من المرات أو يتطلب رقمًا سريًا، وقد استُعيد الخادم من نسخة احتياطية: فهو لا يعرف هل فُتح الرمز منذ ذلك الحين. لم تُحتسب أي مرة فتح.
    .next = اسأل من أعطاك الرمز: يمكنه إعادة فتح هذه الرموز أو إعطاؤك رمزًا جديدًا.
problem-link_disabled = لا يقود هذا الرمز إلى شيء الآن
    .explanation = الرمز أصلي، لكن من أنشأه أوقفه، ويمكنه تشغيله من جديد.
    .next = حاول لاحقًا، أو اسأل من أعطاك الرمز.
problem-not_yet = لم يحن وقت هذا الرمز بعد
    .explanation = الرمز أصلي، وسيقود إلى وجهته لاحقًا.
    .next = امسحه مرة أخرى حينها.
problem-target_blocked = لا يقود هذا الرمز إلى أبعد من هنا
    .explanation = الرمز أصلي، لكن هذا الخادم لا يرسل أحدًا إلى العنوان الذي يقود إليه: فهو في قائمة مواقع ضارة، أو لم يعد مسموحًا به هنا.
    .next = لا تبحث عن العنوان بطريقة أخرى. أخبر من أعطاك الرمز.
problem-key_retired = أُوقف العمل بهذا الرمز
    .explanation = الرمز أصلي، لكن المُصدر أوقف المفتاح الذي خُتم به، ومعه كل رموز ذلك المفتاح.
    .next = اطلب رمزًا جديدًا ممن أعطاك إياه.
problem-open_required = ينبغي فتح هذا الرمز
    .explanation = فتحه يُحتسب أو يحتاج إلى رقم سري، ولذلك لا يحدث من تلقاء نفسه.
    .next = امسح الرمز مرة أخرى واضغط الزر.
problem-pin_incorrect = الرقم السري غير صحيح
    .explanation = ليس هذا الرقم السري للرمز. لم تُستهلك أي مرة فتح.
    .next = تحقق من الرقم السري واكتبه مرة أخرى.
problem-pin_locked = أرقام سرية خاطئة كثيرة
    .explanation = بعد خمسة أرقام خاطئة على الشبكة أن تنتظر 15 دقيقة، وتطول المدة كل مرة؛ وبعد 20 من أي مكان يبقى الرمز مقفلًا حتى يفكّه مُصدره.
    .next = انتظر، ثم حاول بالرقم السري الصحيح. وإن كنت لا تعرفه فاسأل من أعطاك الرمز.
problem-cross_site = جاء النموذج من موقع آخر
    .explanation = لا تُقبل النماذج إلا من صفحات هذا الموقع.
    .next = افتح صفحة هذا الموقع وأرسل النموذج منها.
problem-rate_limited = طلبات كثيرة جدًا
    .explanation = وصل في وقت قصير أو في يوم واحد أكثر مما يُسمح به لمكان واحد، ليبقى متسع للجميع. لم يُحتسب شيء ولم تُستهلك أي مرة فتح.
    .next = انتظر قليلًا ثم أعد المحاولة. الرمز نفسه لم يضع.
problem-request_timeout = تأخر وصول الطلب
    .explanation = ينبغي أن يصل ما يرسله هاتفك خلال مدة يحددها الخادم.
    .next = أرسله مرة أخرى عبر اتصال أفضل.
problem-malformed_request = الطلب غير سليم
    .explanation = ما وصل ليس طلبًا كالذي يرسله المتصفح: غيّره شيء في الطريق أو قطعه.
    .next = أرسله مرة أخرى عبر اتصال أفضل.
problem-uri_too_long = العنوان طويل جدًا
    .explanation = الرابط أطول مما يمكن أن يكون عليه عنوان، ولذلك فالرمز الذي فيه غير كامل.
    .next = اطلب رمز QR أو رابطًا أقصر ممن أعطاك الرابط. يرسل البرنامج الرمز في متن طلب POST إلى `/api/decrypt/qrcode-details`.
problem-not_found = غير موجود
    .explanation = لا توجد صفحة بهذا العنوان.
    .next = تحقق من العنوان، أو ابدأ من صفحة البداية.
problem-temporarily_unavailable = غير متاح حاليًا
    .explanation = الخادم مشغول، أو في ساعته أو حلقة مفاتيحه خلل، أو يحتاج الرمز إلى ما ليس لدى هذا الخادم. الرمز نفسه لم يضع.
    .next = أعد المحاولة بعد قليل.
problem-internal = حدث خطأ في الخادم
    .explanation = هو خطأ من الخادم لا منك، وهو مسجل في سجله تحت رقم الطلب.
    .next = أعد المحاولة؛ وإن استمر الخطأ فأخبر المشغّل برقم الطلب.

## Messages

message = رسالة
message-write = اكتب رسالة
message-lead = ستحصل على رمز QR، ومن يمسحه يقرأ الرسالة.
message-how-long = يمكن قراءتها لمدة
message-1-hour = ساعة
message-1-day = يوم
message-7-days = 7 أيام
message-30-days = 30 يومًا
message-1-year = سنة
message-once = تُقرأ مرة واحدة فقط
message-pin = اطلب رقمًا سريًا (يُختار لك)
message-make = أنشئ رمز QR
message-impossible = تتكون الرسالة من 1 إلى 10,000 حرف.
message-too-many = هذا أكثر مما يمكن كتابته الآن من مكان واحد. حاول لاحقًا.
message-code = رمز QR لرسالتك
message-code-lead = أظهره أو أرسله أو اطبعه: من يمسحه يقرأ الرسالة.
message-code-once = أول من يمسحه ويضغط الزر يقرأ الرسالة، وبعدها لا يستطيع أحد قراءتها.
message-download = تنزيل
message-pin-shown = يحتاج إليه من يمسح الرمز. لا يظهر إلا هنا: أوصله إليه بطريقة أخرى.
message-link = الرابط الذي في الرمز
message-copy = نسخ الرابط
message-manage = لك وحدك:
message-manage-lead = بهذا الرابط ترى هل قُرئت الرسالة، وتحذفها. وهو لا يعرض الرسالة.
message-manage-open = عرض وحذف
message-manage-copy = نسخ هذا الرابط
message-another = اكتب رسالة أخرى
manage-title = رسالتك
manage-read = لقد قُرئت
manage-not-read = لم تُقرأ بعد
manage-not-counted = يمكن قراءتها أي عدد من المرات، ولا أحد يحصيها.
manage-read-at = قُرئت في
manage-delete-warning = بعدها لن يستطيع أحد قراءتها. لا يمكن التراجع عن ذلك.
manage-delete = حذف الرسالة
manage-deleted = حُذفت الرسالة
manage-deleted-since = لم يعد أحد يستطيع قراءتها منذ
written-by-visitor = كتبها زائر وليس { $issuer }
message-from = رسالة من
message-from-issuer = رسالة من { $issuer }
copy-message = نسخ الرسالة
report = الإبلاغ عن هذه الرسالة
report-question = ما المشكلة فيها؟
report-advice = سيعرف { $issuer } أي رسالة هي وما تختاره هنا، لا ما تقوله الرسالة.
report-fraud = تحاول خداعي
report-abuse = فيها إهانة أو تهديد
report-other = شيء آخر
reported = شكرًا، أُبلغ عن الرسالة
reported-advice = يستطيع { $issuer } حذفها الآن. يمكنك إغلاق هذه الصفحة.

written-by-visitor-advice = يستطيع أي أحد كتابة الرسائل هنا، ولم يطّلع { $issuer } على هذه.

## Forms

form-made = هذا هو رمز هذه الصفحة.
form-made-advice = احفظه أو اطبعه. تعرضه هذه الصفحة من جديد ما دمت تحتفظ بعنوانها.
form-send = إرسال
form-missing = لم يُملأ هذا الحقل بعد.
form-too-long = هذا أطول من اللازم.
form-wrong = ليس هذا هو المطلوب هنا.
form-number = ليس هذا عددًا مقبولًا هنا. اكتبه دون فواصل بين الآلاف.
form-date = ليس هذا تاريخًا.
form-email = ليس هذا عنوان بريد إلكتروني.
form-url = ليس هذا عنوان ويب يبدأ بـ https://.
form-consent = ضع علامة هنا للمتابعة.
form-errors = هناك ما لم يصح بعد، وهو مبيّن بجانب الحقول.
form-too-large = هذا أكثر مما يتسع له رمز. اختصر ما كتبته.
form-not-made = لم يُنشأ رمز. ما كتبته ما زال هنا: حاول لاحقًا.
form-optional = اختياري
form-choose = اختر من فضلك
form-more = إضافة عنصر آخر
form-trap = اترك هذا فارغًا

## The desk

desk = مكتب الاستقبال
desk-choose-list = اختر قائمة
desk-no-lists = لم تُعطَ لك قائمة بعد. اسأل المسؤول عن الفعالية.
desk-inside = في الداخل
desk-gate = البوابة
desk-no-gate = بلا بوابة
desk-choose = اختيار
desk-direction = الاتجاه
desk-entry = دخول
desk-exit = خروج
desk-code = الرمز
desk-code-hint = امسحه بماسح يدوي أو اكتب أرقامه.
desk-pin = الرقم السري
desk-check = تحقق
desk-last = آخر عمليات المسح
desk-undo = تراجع
desk-undone = تم التراجع
desk-point = صورة الكاميرا
desk-camera-on = تشغيل الكاميرا
desk-camera-off = إيقاف الكاميرا
desk-camera-https = لا تعمل الكاميرا إلا في صفحة فُتحت عبر https.
desk-camera-denied = لا يمكن استعمال الكاميرا. اسمح بها لهذه الصفحة في إعدادات المتصفح.
desk-light = إضاءة
desk-unreachable = تعذر الوصول إلى الخادم. لم يُتحقق من الرمز بعد، وتُعاد المحاولة.
desk-since = سُمح بالدخول
desk-by = من سمح بالدخول
desk-by-pass = تصريح
desk-no-entry = لم يكن في الداخل
desk-let-in = سُمح بالدخول
desk-let-out = سُجّل الخروج
desk-already-in = سبق السماح بالدخول
desk-not-on-list = ليس لهذه القائمة
desk-closed = القائمة غير مفتوحة الآن
desk-full = اكتمل العدد
desk-code-closed = هذا الرمز مغلق مؤقتًا
desk-expired = انتهت صلاحيته
desk-withdrawn = مسحوب
desk-used-up = مستنفد
desk-ended = لم يعد صالحًا
desk-unknown = ليس من رموزنا
desk-takes-pin = هذا الرمز يتطلب رقمه السري
desk-pin-wrong = الرقم السري غير صحيح
desk-pin-locked = أرقام سرية خاطئة كثيرة
desk-forbidden = لست من العاملين على هذه القائمة
desk-session-over = سجّل الدخول من جديد
desk-not-checked = لم يُتحقق منه
desk-no-code = بلا رمز
desk-print-code = إظهار الرمز أو طباعته

## Passes, the roll call, badges

pass = تصريح للمكتب
pass-list = القائمة
pass-until = صالح حتى
pass-advice = به يمسح هذا الهاتف رموز هذه القائمة. يعمل مرة واحدة وعلى هاتف واحد.
pass-sign-in = تسجيل دخول هذا الهاتف
pass-used = سبق استخدام هذا التصريح
pass-used-at = سُجّل دخول الهاتف
pass-browser = الهاتف
pass-used-advice = يعمل التصريح على هاتف واحد فقط. إن لم يكن هاتفك فأخبر من أعطاك إياه واطلب تصريحًا آخر.
pass-ended = لم يعد هذا التصريح صالحًا
pass-unknown = هذا التصريح غير معروف هنا
pass-over = انتهى تصريح هذا الهاتف
pass-ask = اطلب تصريحًا آخر ممن أعطاك إياه.
pass-needs-https = لا يعمل تسجيل الدخول إلا في صفحة مفتوحة عبر https. يمكن لمن يدير الخادم إعداد ذلك.
pass-leave = تسجيل خروج هذا الهاتف
roll-call = قائمة الحاضرين
roll-call-find = الاسم أو معلومة أخرى
roll-call-search = بحث
roll-call-all = عرض الجميع
roll-call-nobody = لا أحد
roll-call-more = في الداخل أشخاص أكثر مما تستطيع هذه الصفحة عرضه.
roll-call-tick = تدل العلامة على من وجدته. لا تُحفظ العلامات: تختفي عند البحث أو عند السماح لأحد بالخروج.
roll-call-people = الأشخاص
roll-call-let-out = السماح بالخروج
badge-again = طباعة الشارة مرة أخرى
badge-print = اطبع هذه الصفحة للحصول على الشارة.
