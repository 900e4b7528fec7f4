### コードをお持ちの方が読む言葉、日本語。

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
beyond-calendar = 1970年から{ $seconds }秒後

## Every page

languages = 言語

## A document, open or not

document-from = { $issuer }の文書
sealed-document-from = 封印された文書の発行元
issued = 発行日時
readable-until = 閲覧期限
opens-until = 開封期限
opens-left = 残りの開封回数
opens-left-of = { $most }回中あと{ $left }回
no-end = 期限なし
token-id = 識別番号
document = 文書

last-open = このコードはもう開けません。
last-open-advice = 文書が必要な間はこのページを開いたままにするか、印刷してください。2分間は再読み込みできます。
opens-again =
    { $left ->
        [1] このコードはあと1回開けます。
       *[other] このコードはあと{ $left }回開けます。
    }

download-json = JSONをダウンロード
copy-json = JSONをコピー
copied = コピーしました
selected = 選択しました。コピーしてください
print = 印刷
json-as-sealed = 封印されたままのJSON
what-the-seal-shows = この封印は、{ $issuer }がこの文書を発行し、その後だれも書き換えていないことを示します。だれがコードを渡したかは示しません。

## Inside a document

yes = はい
no = いいえ
nothing = 記載なし
empty-text = 空のテキスト
no-entries = 項目なし
empty = 空
no-name = 名称なし

## Reading on

level = レベル{ $level }
levels = 見出しの前の「レベル5」以上は、文書の中での深さを表します。ページの幅が足りず、字下げでは示せないためです。
open-address = { $host }を開く
write-to = メールを書く
call = 電話をかける
qr-code = この文書のQRコード
check-paper = 読み取ると、この用紙と文書を照合できます。
whom-to-ask = お問い合わせ先:

## Opening

open-once = 1回だけ開けます
open-once-advice = その後はだれも開けなくなります。このページを見るだけでは数えません。ボタンを押すと数えます。
open-last = あと1回開けます
open-last-advice = すでに{ $most }回中{ $opened }回開かれています。次に開くと、その後はだれも開けなくなります。このページを見るだけでは数えません。ボタンを押すと数えます。
open-several = あと{ $left }回開けます
open-several-advice = このページを見るだけでは数えません。ボタンを押すと数えます。
open-pin = PINが必要です
open-pin-advice = PINは、コードを渡した人から聞いているか、別の方法で届いているはずです。
open-again = 先ほど開いたばかりです
open-again-advice = 開いてから2分間は、このブラウザーで文書をもう一度表示でき、回数には数えません。
open-again-pin = PINはもう一度必要です。
open-document = 文書を開く
pin = PIN
pin-has-letters = PINに文字が含まれています
pin-with-letters = 文字を含むPIN
pin-missing = PINを入力してください。
pin-impossible = PINは4〜64文字で、前後に空白は使えません。
pin-wrong = PINが違います。
tries-left =
    { $left ->
        [0] 今回はこれが最後の試行でした。
       *[other] あと{ $left }回試せます。
    }

## A code that leads elsewhere

link-from = { $issuer }のリンク
code-from = コードの発行元
link-leads-to = このコードの行き先
link-check = このアドレスに見覚えがあり、ここで開くつもりだった場合だけ進んでください。
link-opened = 開封を数えました。アドレスはここにだけ表示されます。
link-last-open = このコードはもう開けません。
link-looks-like = ご注意ください。このアドレスは次のアドレスに似せてあるだけです:
link-mixes-scripts = ご注意ください。このアドレスは複数の文字体系の文字が混ざっており、別のアドレスに見えることがあります。
link-go = 進む
link-not-ours = このアドレスの内容は{ $issuer }のものではなく、こちらでは確認していません。
open-link = 行き先を表示
leads-from = { $time }から開けるようになります。

## Destroying

destroy = 用が済んだのでコードを破棄する
destroy-question = コードを破棄しますか?
destroy-warning = あなたを含め、だれもこのコードで文書を開けなくなり、元に戻せません。{ $issuer }には、所持者が破棄したこととその日時が分かります。
destroy-keep = 残しておく場合は、何もしないでください。
destroy-back = 文書を表示
destroy-for-good = 完全に破棄する
destroyed = コードを破棄しました
destroyed-since = { $time }以降、だれも開けません。
destroyed-pages = この端末やほかの端末で文書を表示しているページは、破棄しても消えません。閉じてください。

## At the desk

show-at-desk = このコードを受付でお見せください
show-at-desk-advice = 受付の係員が読み取ります。内容はほかのだれにも表示されません。
to-desk = 係員用：このコードを確認する
valid-until = 有効期限
code-to-show = 提示用のQRコード
show-code-advice = 読み取り機にかざしてください。読み取れないときは画面を明るくしてください。

## Dead ends

what-to-do-now = 次にできること
try-again = もう一度試す
start-page = トップページ
problem = 問題
request-id = リクエスト番号

expired-at = { $time }まで開けました。
last-opened-at = 最後に開かれたのは{ $time }です。
withdrawn-by-issuer-at = 発行元が{ $time }に取り消しました。
destroyed-by-holder-at = 所持者が{ $time }に破棄しました。
pin-locked-until = お使いのネットワークからは、{ $time }までPINを受け付けません。
pin-locked-for-good = 発行元がロックを解除するまで、PINを受け付けません。
staff-only = このコードは係員用です。受付での読み取りによって開きます。

problem-token_not_recognised = このコードは認識できません
    .explanation = コードは読み取れましたが、このサーバーが発行したものではありません。別のサービスのものか、途中で切れているか、書き換えられた可能性があります。試行から何も知られないよう、どれに当たるかはお伝えしていません。
    .next = 明るい場所で、コード全体をもう一度読み取ってください。それでも変わらないときは、コードを渡した人に新しいものを頼んでください。
problem-token_expired = このコードは期限切れです
    .explanation = コードは本物ですが、期限付きで発行され、その期限が過ぎました。
    .next = コードを渡した人に新しいものを頼んでください。
problem-token_used_up = このコードは使用済みです
    .explanation = コードは本物ですが、開ける回数に限りがあり、すべて使われました。リンクのプレビューや繰り返しのリクエストは数えません。人、またはボタンを押すプログラムが開いたときに数えます。
    .next = ご自身が開いたのであれば問題ありません。開いたブラウザーでは2分間もう一度表示でき、コードを渡した人は新しいものを作れます。心当たりがなければ、その人に伝えてください。ほかのだれかが読んでいます。
problem-token_revoked = このコードは取り消されました
    .explanation = コードは本物ですが、発行元または所持者が期限前に終了させました。
    .next = コードを渡した人に新しいものを頼んでください。
problem-token_gone = このコードの先にあったものは終了しました
    .explanation = コードは本物ですが、文書はサーバーに保管されていたもので、もうありません。しばらく前に期限が切れたか、使い切られたか、取り消されました。
    .next = コードを渡した人に新しいものを頼んでください。
problem-token_closed = このコードは今のところ閉じています
    .explanation = コードは本物ですが、開ける回数に限りがあるかPINが必要なもので、サーバーはバックアップから復元されました。その後にコードが開かれたかどうか、サーバーには分かりません。開ける回数は減っていません。
    .next = コードを渡した人に問い合わせてください。このようなコードをまた開けるようにするか、新しいコードを渡すことができます。
problem-link_disabled = このコードには今、行き先がありません
    .explanation = コードは本物ですが、作成者が停止しています。再開されることがあります。
    .next = 後でもう一度試すか、コードを渡した人に尋ねてください。
problem-not_yet = このコードはまだ使えません
    .explanation = コードは本物で、もう少し後から使えるようになります。
    .next = そのときにもう一度読み取ってください。
problem-target_blocked = このコードの先には進めません
    .explanation = コードは本物ですが、このサーバーはその行き先へはだれも案内しません。有害なサイトの一覧に載っているか、ここでは許可されなくなりました。
    .next = 別の方法でそのアドレスを探さないでください。コードを渡した人に知らせてください。
problem-key_retired = このコードは使われなくなりました
    .explanation = コードは本物ですが、封印に使われた鍵を発行元が無効にしたため、その鍵のコードはすべて開けません。
    .next = コードを渡した人に新しいものを頼んでください。
problem-open_required = このコードは開く操作が必要です
    .explanation = 開くと回数に数えられるか、PINが必要なため、自動では開きません。
    .next = コードをもう一度読み取り、ボタンを押してください。
problem-pin_incorrect = PINが違います
    .explanation = このコードのPINではありません。開封回数は減っていません。
    .next = PINを確かめて、もう一度入力してください。
problem-pin_locked = PINの間違いが多すぎます
    .explanation = 同じネットワークから5回間違えると15分待つ必要があり、繰り返すたびに長くなります。全体で20回間違えると、発行元が解除するまでロックされます。
    .next = しばらく待ってから、正しいPINで試してください。分からないときは、コードを渡した人に尋ねてください。
problem-cross_site = フォームが別のサイトから送られました
    .explanation = フォームは、このサイトのページから送られたものだけを受け付けます。
    .next = このサイトのページを開き、そこからフォームを送ってください。
problem-rate_limited = リクエストが多すぎます
    .explanation = だれもが使えるように、1か所から短時間または1日に受け付ける数には限りがあり、それを超えました。何も数えられておらず、開封回数も減っていません。
    .next = 少し待ってから、もう一度試してください。コード自体は失われていません。
problem-request_timeout = リクエストが時間内に届きませんでした
    .explanation = 端末から送られるものは、サーバーが定めた時間内に届く必要があります。
    .next = より良い通信環境でもう一度送ってください。
problem-malformed_request = リクエストの形式が正しくありません
    .explanation = 届いたものはブラウザーが送る形になっていません。途中で変更されたか、切れています。
    .next = より良い通信環境でもう一度送ってください。
problem-uri_too_long = アドレスが長すぎます
    .explanation = リンクがアドレスの長さの限度を超えているため、中のコードがそろっていません。
    .next = リンクを渡した人に、QRコードか、より短いリンクを頼んでください。プログラムは `/api/decrypt/qrcode-details` へのPOSTの本文でトークンを送ります。
problem-not_found = 見つかりません
    .explanation = このアドレスのページはありません。
    .next = アドレスを確かめるか、トップページから始めてください。
problem-temporarily_unavailable = 現在ご利用いただけません
    .explanation = サーバーが混み合っているか、時計や鍵束に不具合があるか、コードに必要なものがこのサーバーにありません。コード自体は失われていません。
    .next = 少し待ってから、もう一度試してください。
problem-internal = サーバーで問題が起きました
    .explanation = サーバー側の不具合で、あなたの操作によるものではありません。サーバーの記録にリクエスト番号とともに残っています。
    .next = もう一度試してください。続くときは、運営者にリクエスト番号を伝えてください。

## Messages

message = メッセージ
message-write = メッセージを書く
message-lead = QRコードが作成されます。読み取った人はメッセージを読めます。
message-how-long = 読める期間
message-1-hour = 1時間
message-1-day = 1日
message-7-days = 7日間
message-30-days = 30日間
message-1-year = 1年間
message-once = 1回だけ読めるようにする
message-pin = PINを求める(自動で決まります)
message-make = QRコードを作る
message-impossible = メッセージは1〜10,000文字です。
message-too-many = 1か所から今書ける量を超えています。後でもう一度試してください。
message-code = メッセージのQRコード
message-code-lead = 見せる、送る、印刷する。読み取った人はメッセージを読めます。
message-code-once = 最初に読み取ってボタンを押した人がメッセージを読めます。その後はだれも読めません。
message-download = ダウンロード
message-pin-shown = コードを読み取る人に必要です。ここにだけ表示されますので、別の方法で伝えてください。
message-link = コードの中のリンク
message-copy = リンクをコピー
message-manage = あなた専用:
message-manage-lead = このリンクで、メッセージが読まれたかどうかの確認と削除ができます。メッセージの内容は表示されません。
message-manage-open = 確認・削除
message-manage-copy = このリンクをコピー
message-another = 別のメッセージを書く
manage-title = あなたのメッセージ
manage-read = 読まれました
manage-not-read = まだ読まれていません
manage-not-counted = 何度でも読むことができ、回数は数えていません。
manage-read-at = 読まれた日時
manage-delete-warning = 削除すると、だれも読めなくなります。元に戻せません。
manage-delete = メッセージを削除
manage-deleted = メッセージを削除しました
manage-deleted-since = だれも読めなくなった日時
written-by-visitor = { $issuer }ではなく、訪問者が書いたものです
message-from = メッセージの発信元
message-from-issuer = { $issuer }からのメッセージ
copy-message = メッセージをコピー
report = このメッセージを報告
report-question = どのような問題がありますか?
report-advice = { $issuer }に伝わるのは、どのメッセージかと、ここで選んだ理由だけです。メッセージの内容は伝わりません。
report-fraud = だまそうとしている
report-abuse = 侮辱や脅しがある
report-other = その他
reported = ありがとうございます。メッセージを報告しました
reported-advice = { $issuer }が削除できるようになりました。このページは閉じてかまいません。

written-by-visitor-advice = ここではだれでもメッセージを書くことができ、{ $issuer }はこのメッセージを確認していません。

## Forms

form-made = このページのコードです。
form-made-advice = 保存するか印刷してください。アドレスを控えておけば、このページでもう一度表示できます。
form-send = 送信
form-missing = まだ入力されていません。
form-too-long = 長すぎます。
form-wrong = ここで求められている内容ではありません。
form-number = ここで使える数値ではありません。桁区切りの記号は省いてください。
form-date = 日付ではありません。
form-email = メールアドレスではありません。
form-url = https:// で始まるWebアドレスではありません。
form-consent = 続けるにはチェックを入れてください。
form-errors = まだ正しくないところがあります。各欄の横をご覧ください。
form-too-large = コードに収まる量を超えています。入力内容を短くしてください。
form-not-made = コードは作成されませんでした。入力内容は残っています。後でもう一度試してください。
form-optional = 任意
form-choose = 選択してください
form-more = もう1件追加
form-trap = ここは空のままにしてください

## The desk

desk = 受付
desk-choose-list = リストを選択
desk-no-lists = まだリストが割り当てられていません。イベントの責任者に確認してください。
desk-inside = 入場中
desk-gate = ゲート
desk-no-gate = ゲートなし
desk-choose = 選択
desk-direction = 方向
desk-entry = 入場
desk-exit = 退場
desk-code = コード
desk-code-hint = ハンドスキャナーで読み取るか、数字を入力してください。
desk-pin = PIN
desk-check = 確認
desk-last = 最近の読み取り
desk-undo = 取り消す
desk-undone = 取り消しました
desk-point = カメラの映像
desk-camera-on = カメラを開始
desk-camera-off = カメラを停止
desk-camera-https = カメラはhttpsで開いたページでのみ使えます。
desk-camera-denied = カメラを使えません。ブラウザーの設定でこのページに許可してください。
desk-light = ライト
desk-unreachable = サーバーに接続できません。コードはまだ確認されていません。再試行しています。
desk-since = 入場
desk-by = 入場を許可した人
desk-by-pass = パス
desk-no-entry = 入場していませんでした
desk-let-in = 入場できます
desk-let-out = 退場しました
desk-already-in = すでに入場済み
desk-not-on-list = このリストの対象外
desk-closed = リストは現在受付時間外です
desk-full = 満員
desk-code-closed = このコードは今のところ閉じています
desk-expired = 期限切れ
desk-withdrawn = 取り消し済み
desk-used-up = 使用済み
desk-ended = 無効になりました
desk-unknown = 当方のコードではありません
desk-takes-pin = このコードにはPINが必要です
desk-pin-wrong = PINが違います
desk-pin-locked = PINの間違いが多すぎます
desk-forbidden = このリストの担当ではありません
desk-session-over = もう一度サインインしてください
desk-not-checked = 未確認
desk-no-code = コードがない方
desk-print-code = コードを表示または印刷

## Passes, the roll call, badges

pass = 受付用のパス
pass-list = リスト
pass-until = 有効期限
pass-advice = このパスで、この電話からこのリストのコードを読み取れます。使えるのは1回、1台だけです。
pass-sign-in = この電話でサインインする
pass-used = このパスはすでに使われました
pass-used-at = サインインした日時
pass-browser = 電話
pass-used-advice = パスは1台の電話でしか使えません。ご自分の電話でない場合は、パスを渡した人に知らせて、新しいパスを受け取ってください。
pass-ended = このパスはもう使えません
pass-unknown = このパスはここでは確認できません
pass-over = この電話のパスは終了しました
pass-ask = パスを渡した人に、新しいパスを頼んでください。
pass-needs-https = サインインはhttpsで開いたページでのみできます。サーバーの管理者が設定できます。
pass-leave = この電話でサインアウトする
roll-call = 在場者の点呼
roll-call-find = 名前または他の情報
roll-call-search = 検索
roll-call-all = 全員を表示
roll-call-nobody = 誰もいません
roll-call-more = このページに表示しきれない人数が入場しています。
roll-call-tick = チェックは、確認できた人の印です。チェックは保存されず、検索したり誰かを退場させたりすると消えます。
roll-call-people = 人数
roll-call-let-out = 退場させる
badge-again = 名札をもう一度印刷
badge-print = 名札を出すには、このページを印刷してください。
