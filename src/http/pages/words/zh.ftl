### 持有人阅读的文字,简体中文。

## Times

month-1 = 1
month-2 = 2
month-3 = 3
month-4 = 4
month-5 = 5
month-6 = 6
month-7 = 7
month-8 = 8
month-9 = 9
month-10 = 10
month-11 = 11
month-12 = 12
date = { $year }年{ $month }月{ $day }日
date-time = { $date } { $time }
date-time-zone = { $date } { $time } { $zone }
beyond-calendar = 1970年之后 { $seconds } 秒

## Every page

languages = 语言

## A document, open or not

document-from = { $issuer } 的文件
sealed-document-from = 密封文件,签发方
issued = 签发时间
readable-until = 可阅读至
opens-until = 可打开至
opens-left = 剩余打开次数
opens-left-of = 共 { $most } 次,剩 { $left } 次
no-end = 无期限
token-id = 编号
document = 文件

last-open = 此码无法再次打开。
last-open-advice = 在需要文件期间请保持此页面打开,或将其打印。两分钟内可以重新加载此页面。
opens-again =
    { $left ->
        [1] 此码还可以打开一次。
       *[other] 此码还可以打开 { $left } 次。
    }

download-json = 下载 JSON
copy-json = 复制 JSON
copied = 已复制
selected = 已选中,请复制
print = 打印
json-as-sealed = 密封时的 JSON 原文
what-the-seal-shows = 密封表明此文件由 { $issuer } 签发,且此后无人改动。它不表明是谁把此码交给您的。

## Inside a document

yes = 是
no = 否
nothing = 未填写
empty-text = 空文本
no-entries = 没有条目
empty = 空
no-name = 无名称

## Reading on

level = 第 { $level } 层
levels = 标题前的“第 5 层”及以上表示它在文件中的层次:页面太窄,无法用缩进显示。
open-address = 打开 { $host }
write-to = 写邮件
call = 拨打电话
qr-code = 此文件的二维码
check-paper = 扫描它,可将这张纸与文件核对。
whom-to-ask = 可以询问:

## Opening

open-once = 只能打开一次
open-once-advice = 之后任何人都无法再打开。查看此页面不计次数,按下按钮才计。
open-last = 还能打开一次
open-last-advice = 共 { $most } 次,已打开 { $opened } 次。下一次之后任何人都无法再打开。查看此页面不计次数,按下按钮才计。
open-several = 还能打开 { $left } 次
open-several-advice = 查看此页面不计次数,按下按钮才计。
open-pin = 需要 PIN 码
open-pin-advice = 给您此码的人已告诉您 PIN 码,或通过其他方式发送给您。
open-again = 您刚刚打开过
open-again-advice = 打开后两分钟内,此浏览器可以再次显示文件,不计次数。
open-again-pin = 需要再次输入 PIN 码。
open-document = 打开文件
pin = PIN 码
pin-has-letters = PIN 码含有字母
pin-with-letters = 含字母的 PIN 码
pin-missing = 请输入 PIN 码。
pin-impossible = PIN 码为 4 至 64 个字符,首尾不能有空格。
pin-wrong = PIN 码不正确。
tries-left =
    { $left ->
        [0] 这是目前的最后一次尝试。
       *[other] 还可以尝试 { $left } 次。
    }

## A code that leads elsewhere

link-from = { $issuer } 的链接
code-from = 此码来自
link-leads-to = 此码通向
link-check = 如果您认识这个网址,并且正是要去那里,请继续。
link-opened = 此次打开已计数。网址只在这里显示。
link-last-open = 此码无法再次打开。
link-looks-like = 请当心:这个网址只是看起来像
link-mixes-scripts = 请当心:这个网址混用了多种文字的字母,因此可能看起来像另一个网址。
link-go = 继续
link-not-ours = 该网址上的内容并非来自 { $issuer },这里也没有人查看过。
open-link = 显示它通向哪里
leads-from = 它从 { $time } 起可用。

## Destroying

destroy = 我用完了,销毁此码
destroy-question = 要销毁此码吗?
destroy-warning = 之后任何人(包括您)都无法再用它打开文件,且无法撤销。{ $issuer } 会看到持有人销毁了它以及销毁的时间。
destroy-keep = 如要保留,无需任何操作。
destroy-back = 显示文件
destroy-for-good = 彻底销毁
destroyed = 此码已销毁
destroyed-since = 自 { $time } 起,任何人都无法再打开它。
destroyed-pages = 在本手机或其他手机上仍显示着文件的页面不会因此消失:请将其关闭。

## At the desk

show-at-desk = 请在前台出示此码
show-at-desk-advice = 工作人员会在那里扫描。其内容不会显示给其他任何人。
to-desk = 工作人员：核验此码
valid-until = 有效期至
code-to-show = 用于出示的二维码
show-code-advice = 请将其对准扫描器。如果无法读取,请调亮屏幕。

## Dead ends

what-to-do-now = 现在可以做什么
try-again = 重试
start-page = 首页
problem = 问题
request-id = 请求编号

expired-at = 它在 { $time } 之前可以打开。
last-opened-at = 它最后一次打开是在 { $time }。
withdrawn-by-issuer-at = 签发方已于 { $time } 将其撤回。
destroyed-by-holder-at = 持有人已于 { $time } 将其销毁。
pin-locked-until = 在 { $time } 之前,您所在的网络无法输入 PIN 码。
pin-locked-for-good = 在签发方解锁之前,它不接受 PIN 码。
staff-only = 此码供工作人员使用:在前台登记时打开。

problem-token_not_recognised = 无法识别此码
    .explanation = 此码已读取,但不是由本服务器签发的:它可能属于其他服务、不完整或已被改动。具体是哪一种不予说明,以免有人通过尝试获得信息。
    .next = 请在光线良好处重新扫描整个码。如果仍然如此,请向给您此码的人索取新码。
problem-token_expired = 此码已过期
    .explanation = 此码是真实的,但签发时设定了期限,现已过期。
    .next = 请向给您此码的人索取新码。
problem-token_used_up = 此码已被使用
    .explanation = 此码是真实的,但只能打开有限的次数,而且已经用完。链接预览和重复请求不计;由人打开,或由会按按钮的程序打开才计。
    .next = 如果是您打开的,则一切正常:打开它的浏览器在两分钟内仍可显示文件,给您此码的人也可以制作新码。如果不是您,请告诉对方:有其他人读过了。
problem-token_revoked = 此码已被撤回
    .explanation = 此码是真实的,但签发方或持有人提前终止了它。
    .next = 请向给您此码的人索取新码。
problem-token_gone = 此码所指向的内容已不存在
    .explanation = 此码是真实的,但其文件保存在服务器上,现已不在:它在一段时间前已过期、用完或被撤回。
    .next = 请向给您此码的人索取新码。
problem-token_closed = 此码暂时关闭
    .explanation = 此码是真实的,但它只能打开有限的次数或需要 PIN,而服务器是从备份恢复的:它不知道此码在那之后是否被打开过。没有消耗打开次数。
    .next = 请询问给您此码的人:对方可以重新开放这类码,或给您一个新码。
problem-link_disabled = 此码目前不通向任何地方
    .explanation = 此码是真实的,但制作者将其关闭了。对方可以重新开启。
    .next = 请稍后再试,或询问给您此码的人。
problem-not_yet = 现在使用此码还太早
    .explanation = 此码是真实的,稍后才可使用。
    .next = 请到时再扫描。
problem-target_blocked = 此码无法继续
    .explanation = 此码是真实的,但本服务器不会将任何人带到它所指向的网址:该网址在有害网站名单上,或在此已不再允许。
    .next = 请不要通过其他途径寻找该网址。请告知给您此码的人。
problem-key_retired = 此码已停用
    .explanation = 此码是真实的,但签发方停用了密封它的密钥,该密钥的所有码也随之停用。
    .next = 请向给您此码的人索取新码。
problem-open_required = 此码需要打开
    .explanation = 打开会计次数或需要 PIN 码,因此不会自动进行。
    .next = 请重新扫描此码并按下按钮。
problem-pin_incorrect = PIN 码不正确
    .explanation = 这不是此码的 PIN 码。没有消耗打开次数。
    .next = 请核对 PIN 码后重新输入。
problem-pin_locked = PIN 码错误次数过多
    .explanation = 同一网络输错五次后须等待 15 分钟,之后每次更久;无论来自何处,输错 20 次后此码将被锁定,直到签发方解锁。
    .next = 请等待后再用正确的 PIN 码尝试。如果不知道,请询问给您此码的人。
problem-cross_site = 表单来自其他网站
    .explanation = 只接受从本网站页面提交的表单。
    .next = 请打开本网站的页面,并从那里提交表单。
problem-rate_limited = 请求过多
    .explanation = 为使所有人都能使用,每个来源在短时间或一天内的请求数有限,现已超出。没有任何计数,也没有消耗打开次数。
    .next = 请稍候再试。此码本身没有丢失。
problem-request_timeout = 请求到达得太慢
    .explanation = 您的手机发送的内容须在服务器规定的时间内到达。
    .next = 请在网络更好时重新发送。
problem-malformed_request = 请求格式不正确
    .explanation = 收到的内容不是浏览器会发送的请求:途中被改动或截断了。
    .next = 请在网络更好时重新发送。
problem-uri_too_long = 网址太长
    .explanation = 链接超过了网址允许的长度,因此其中的码不完整。
    .next = 请向给您链接的人索取二维码或更短的链接。程序应在发往 `/api/decrypt/qrcode-details` 的 POST 正文中发送令牌。
problem-not_found = 未找到
    .explanation = 没有这个网址的页面。
    .next = 请检查网址,或从首页开始。
problem-temporarily_unavailable = 暂时不可用
    .explanation = 服务器繁忙、其时钟或密钥环出现故障,或此码需要本服务器没有的东西。此码本身没有丢失。
    .next = 请稍后再试。
problem-internal = 服务器出现问题
    .explanation = 这是服务器的故障,与您的操作无关。服务器日志中以请求编号记录了它。
    .next = 请重试;如果仍然如此,请把请求编号告诉运营方。

## Messages

message = 留言
message-write = 写留言
message-lead = 您将得到一个二维码,扫描它的人即可阅读留言。
message-how-long = 可阅读时间
message-1-hour = 一小时
message-1-day = 一天
message-7-days = 7 天
message-30-days = 30 天
message-1-year = 一年
message-once = 只能阅读一次
message-pin = 要求输入 PIN 码(由系统为您选定)
message-make = 生成二维码
message-impossible = 留言为 1 至 10,000 个字符。
message-too-many = 这超出了同一来源目前可写的数量。请稍后再试。
message-code = 您的留言的二维码
message-code-lead = 出示、发送或打印它:扫描它的人即可阅读留言。
message-code-once = 最先扫描并按下按钮的人可以阅读留言;之后任何人都无法再读。
message-download = 下载
message-pin-shown = 扫描此码的人需要它。它只在这里显示:请通过其他方式告知对方。
message-link = 码中的链接
message-copy = 复制链接
message-manage = 仅供您自己使用:
message-manage-lead = 通过此链接可以查看留言是否已被阅读,也可以删除它。它不显示留言内容。
message-manage-open = 查看和删除
message-manage-copy = 复制此链接
message-another = 再写一条留言
manage-title = 您的留言
manage-read = 已被阅读
manage-not-read = 尚未被阅读
manage-not-counted = 可以阅读任意多次,也没有人计次。
manage-read-at = 阅读时间
manage-delete-warning = 之后任何人都无法再阅读。此操作无法撤销。
manage-delete = 删除留言
manage-deleted = 留言已删除
manage-deleted-since = 无法再阅读的起始时间
written-by-visitor = 由访客撰写,并非 { $issuer }
message-from = 留言来自
message-from-issuer = { $issuer } 的留言
copy-message = 复制留言
report = 举报此留言
report-question = 它有什么问题?
report-advice = { $issuer } 会知道是哪条留言以及您在此选择的原因,但不会知道留言内容。
report-fraud = 它试图欺骗我
report-abuse = 它含有侮辱或威胁
report-other = 其他
reported = 谢谢,已举报此留言
reported-advice = { $issuer } 现在可以将其删除。您可以关闭此页面。

written-by-visitor-advice = 任何人都可以在这里写留言,{ $issuer } 没有查看过这一条。

## Forms

form-made = 这是此页面的二维码。
form-made-advice = 请保存或打印。只要保留网址,此页面就会再次显示它。
form-send = 提交
form-missing = 此处尚未填写。
form-too-long = 内容太长。
form-wrong = 这不是此处要求的内容。
form-number = 这不是此处可用的数字。请不要使用千位分隔符。
form-date = 这不是日期。
form-email = 这不是电子邮件地址。
form-url = 这不是以 https:// 开头的网址。
form-consent = 请勾选此项以继续。
form-errors = 仍有不正确之处,请查看各栏旁的说明。
form-too-large = 内容超出了一个二维码的容量。请缩短所填内容。
form-not-made = 未生成二维码。您填写的内容仍在此处,请稍后再试。
form-optional = 选填
form-choose = 请选择
form-more = 再添一项
form-trap = 请将此处留空

## The desk

desk = 前台
desk-choose-list = 选择名单
desk-no-lists = 还没有分配给您的名单。请询问活动负责人。
desk-inside = 在场
desk-gate = 入口
desk-no-gate = 无入口
desk-choose = 选择
desk-direction = 方向
desk-entry = 入场
desk-exit = 离场
desk-code = 码
desk-code-hint = 用手持扫描器扫描,或输入其数字。
desk-pin = PIN 码
desk-check = 查验
desk-last = 您最近的扫描
desk-undo = 撤销
desk-undone = 已撤销
desk-point = 摄像头画面
desk-camera-on = 打开摄像头
desk-camera-off = 关闭摄像头
desk-camera-https = 摄像头只能在用 https 打开的页面上使用。
desk-camera-denied = 无法使用摄像头。请在浏览器设置中为此页面授予权限。
desk-light = 灯光
desk-unreachable = 无法连接服务器。此码尚未查验,正在重试。
desk-since = 已允许进入
desk-by = 放行人
desk-by-pass = 通行证
desk-no-entry = 此前未入场
desk-let-in = 准予入场
desk-let-out = 已离场
desk-already-in = 之前已允许进入
desk-not-on-list = 不属于此名单
desk-closed = 名单目前未开放
desk-full = 已满
desk-code-closed = 此码暂时关闭
desk-expired = 已过期
desk-withdrawn = 已撤回
desk-used-up = 已用完
desk-ended = 已失效
desk-unknown = 不是我们的码
desk-takes-pin = 此码需要 PIN 码
desk-pin-wrong = PIN 码不正确
desk-pin-locked = PIN 码错误次数过多
desk-forbidden = 您不负责此名单
desk-session-over = 请重新登录
desk-not-checked = 未查验
desk-no-code = 没有码
desk-print-code = 显示或打印此码

## Passes, the roll call, badges

pass = 服务台通行证
pass-list = 名单
pass-until = 有效期至
pass-advice = 凭此通行证,这部手机可以扫描此名单的二维码。只能在一部手机上使用一次。
pass-sign-in = 登录这部手机
pass-used = 此通行证已被使用
pass-used-at = 手机登录时间
pass-browser = 手机
pass-used-advice = 一张通行证只能用于一部手机。如果那不是您的手机,请告诉给您通行证的人,并索取新的通行证。
pass-ended = 此通行证已失效
pass-unknown = 这里没有此通行证
pass-over = 这部手机的通行证已结束
pass-ask = 请向给您通行证的人索取新的通行证。
pass-needs-https = 只有用 https 打开的页面才能登录。服务器的管理者可以设置。
pass-leave = 退出这部手机的登录
roll-call = 在场人员名单
roll-call-find = 姓名或其他信息
roll-call-search = 搜索
roll-call-all = 显示所有人
roll-call-nobody = 没有人
roll-call-more = 在场的人数超过此页面能显示的数量。
roll-call-tick = 勾选表示已找到此人。勾选不会保存:搜索或放行某人离场后会消失。
roll-call-people = 人数
roll-call-let-out = 放行离场
badge-again = 再次打印胸牌
badge-print = 打印此页面即可得到胸牌。
