### What holders read, in English. A message that other languages lack is shown in English; a test finds such.
###
### Names of messages with an attribute: `problem-CODE` is what a problem's page is called, `.explanation` what it means,
### `.next` what to do now. What programs are told is in `problem/code.rs`.

## Times

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
date-time-zone = { $date }, { $time } { $zone }
beyond-calendar = { $seconds } seconds after 1970

## Every page

languages = Language

## A document, open or not

document-from = Document from { $issuer }
sealed-document-from = Sealed document from
issued = Issued
readable-until = Readable until
opens-until = Opens until
opens-left = Opens left
opens-left-of = { $left } of { $most }
no-end = no end
token-id = Token id
document = Document

last-open = This code cannot be opened again.
last-open-advice = Keep this page open as long as you need the document, or print it. Loading the page again works for two minutes.
opens-again =
    { $left ->
        [one] This code can be opened one more time.
       *[other] This code can be opened { $left } more times.
    }

download-json = Download JSON
copy-json = Copy JSON
copied = Copied
selected = Selected, now copy
print = Print
json-as-sealed = JSON as it was sealed
what-the-seal-shows = The seal shows that { $issuer } issued this document and that nobody has changed it since. It does not show who handed you the code.

## Inside a document

yes = yes
no = no
nothing = none
empty-text = empty text
no-entries = no entries
empty = empty
no-name = no name

## Reading on

level = Level { $level }
levels = “Level 5” and higher before a heading say how deep inside the document it stands: the page is too narrow to show it.
open-address = Open { $host }
write-to = Write an e-mail
call = Call
qr-code = QR code of this document
check-paper = Scan it to check this paper against the document.
whom-to-ask = Whom to ask:

## Opening

open-once = This code can be opened only once
open-once-advice = After that nobody can open it again. Looking at this page does not count; the button does.
open-last = This code can be opened one more time
open-last-advice = It was opened before, { $opened } of { $most } times. After the next nobody can open it again. Looking at this page does not count; the button does.
open-several = This code can be opened { $left } more times
open-several-advice = Looking at this page does not count; the button does.
open-pin = This code needs a PIN
open-pin-advice = Whoever gave you the code has told you the PIN, or sent it another way.
open-again = You have just opened this code
open-again-advice = For two minutes after that, this browser gets the document again, and it does not count.
open-again-pin = It takes the PIN again.
open-document = Open the document
pin = PIN
pin-has-letters = The PIN has letters
pin-with-letters = PIN with letters
pin-missing = Type the PIN.
pin-impossible = A PIN has 4 to 64 characters, and no spaces at its ends.
pin-wrong = The PIN is wrong.
tries-left =
    { $left ->
        [0] That was the last try for now.
        [one] One try is left.
       *[other] { $left } tries are left.
    }

## A code that leads elsewhere

link-from = Link from { $issuer }
code-from = Code from
link-leads-to = This code leads to
link-check = Go on if you know this address and expect it here.
link-opened = The open is counted. The address is shown here and nowhere else.
link-last-open = This code cannot be opened again.
link-looks-like = Careful: this address only looks like
link-mixes-scripts = Careful: this address mixes letters of several alphabets, so that it may look like another.
link-go = Go on
link-not-ours = What is behind this address does not come from { $issuer }, and nobody here has looked at it.
open-link = Show where it leads
leads-from = It leads somewhere from { $time } on.

## Destroying

destroy = I’m done, destroy it
destroy-question = Destroy the code?
destroy-warning = Nobody will be able to open the document with it any more, you included, and this cannot be undone. { $issuer } sees that its holder destroyed it, and when.
destroy-keep = To keep it, do nothing.
destroy-back = Show the document
destroy-for-good = Destroy it for good
destroyed = The code is destroyed
destroyed-since = Since { $time } nobody can open it any more.
destroyed-pages = A page on which the document still stands, on this phone or another, is not taken away by this: close it.

## At the desk

show-at-desk = Show this code at the desk
show-at-desk-advice = Staff scan it there. What it says is shown to nobody else.
to-desk = For staff: check this code
valid-until = Valid until
code-to-show = QR code to show
show-code-advice = Hold it up to the scanner. Turn the brightness of your screen up if it is not read.

## Dead ends

what-to-do-now = What to do now
try-again = Try again
start-page = Start page
problem = Problem
request-id = Request id

expired-at = It could be opened until { $time }.
last-opened-at = It was last opened on { $time }.
withdrawn-by-issuer-at = Its issuer withdrew it on { $time }.
destroyed-by-holder-at = Its holder destroyed it on { $time }.
pin-locked-until = PIN entry from your network is locked until { $time }.
pin-locked-for-good = It takes no PIN until its issuer unlocks it.
staff-only = The code is for staff: it is opened at a desk, by a check-in.

problem-token_not_recognised = This code is not recognised
    .explanation = The code was read, but it is not one that this server issued: it may belong to another service, be cut off, or have been changed. Which of these is not told, so that nobody can learn from trying.
    .next = Scan the whole code again, in good light. If it stays like this, ask whoever gave it to you for a new one.
problem-token_expired = This code has expired
    .explanation = The code is genuine, but it was issued with an end, and that end has passed.
    .next = Ask whoever gave you the code for a new one.
problem-token_used_up = This code has been used
    .explanation = The code is genuine, but it could be opened only so many times, and somebody has done that. Link previews and repeated requests do not count, an open by a person or a program that presses buttons does.
    .next = If that was you, all is well: the browser that opened it gets it again for two minutes, and whoever gave you the code can make a new one. If it was not you, tell them: somebody else has read it.
problem-token_revoked = This code has been withdrawn
    .explanation = The code is genuine, but whoever issued it or held it has ended it before its time.
    .next = Ask whoever gave you the code for a new one.
problem-token_gone = What was behind this code is gone
    .explanation = The code is genuine, but its document was kept on the server, and it is no longer there: it expired, was used up or was withdrawn some time ago.
    .next = Ask whoever gave you the code for a new one.
problem-token_closed = This code is closed for now
    .explanation = The code is genuine, but it opens only so often or takes a PIN, and the server was restored from a backup: it does not know whether the code was opened since that was made. No open was spent.
    .next = Ask whoever gave you the code: they can let such codes open again, or give you a new one.
problem-link_disabled = This code leads nowhere now
    .explanation = The code is genuine, but whoever made it has switched it off. They can switch it on again.
    .next = Try again later, or ask whoever gave you the code.
problem-not_yet = It is too early for this code
    .explanation = The code is genuine, and it leads somewhere from a later time on.
    .next = Scan it again then.
problem-target_blocked = This code does not lead on
    .explanation = The code is genuine, but the address that it leads to is one that this server does not send anybody to: it is on a list of harmful sites, or it is not allowed here any more.
    .next = Do not look for the address elsewhere. Tell whoever gave you the code.
problem-key_retired = This code has been retired
    .explanation = The code is genuine, but the issuer has switched off the key that it was sealed with, and with it every code of that key.
    .next = Ask whoever gave you the code for a new one.
problem-open_required = This code has to be opened
    .explanation = Opening this code counts, or takes a PIN, so it does not happen by itself.
    .next = Scan the code again and press the button.
problem-pin_incorrect = The PIN is wrong
    .explanation = It is not the PIN of this code. No open was spent.
    .next = Check the PIN and type it again.
problem-pin_locked = Too many wrong PINs
    .explanation = After five wrong PINs one network has to wait for 15 minutes, longer each time; after 20 from anywhere the code stays locked until its issuer unlocks it.
    .next = Wait, then try again with the right PIN. If you do not know it, ask whoever gave you the code.
problem-cross_site = The form came from another site
    .explanation = Forms are taken only from this site’s own pages.
    .next = Open this site’s own page and send the form from there.
problem-rate_limited = Too many requests
    .explanation = More was asked in a short time, or in a day, than one place may, so that there is room for everybody. Nothing was counted and no open was spent.
    .next = Wait a moment, then try again. The code itself is not lost.
problem-request_timeout = The request took too long to arrive
    .explanation = What your phone sends has to arrive within a time that the server sets.
    .next = Send it again over a better connection.
problem-malformed_request = The request is malformed
    .explanation = What arrived is not a request that a browser sends: something on the way has changed it or cut it off.
    .next = Send it again over a better connection.
problem-uri_too_long = The address is too long
    .explanation = The link is longer than an address may be, so that the code in it is not whole.
    .next = Ask whoever gave you the link for a QR code or a shorter link. A program sends the token in the body of a POST to `/api/decrypt/qrcode-details`.
problem-not_found = Not found
    .explanation = No page has this address.
    .next = Check the address, or begin at the start page.
problem-temporarily_unavailable = Not available right now
    .explanation = The server is busy, its clock or its keyring is in trouble, or the code needs something that this server does not have. The code itself is not lost.
    .next = Try again in a moment.
problem-internal = Something went wrong on the server
    .explanation = It is a fault of the server, not of what you did. It is in the server’s log under the request id.
    .next = Try again; if it stays, tell the operator the request id.

## Messages

message = Message
message-write = Write a message
message-lead = You get a QR code. Whoever scans it reads the message.
message-how-long = It can be read for
message-1-hour = an hour
message-1-day = a day
message-7-days = 7 days
message-30-days = 30 days
message-1-year = a year
message-once = It can be read once
message-pin = Ask for a PIN (it is made for you)
message-make = Make the QR code
message-impossible = A message has 1 to 10,000 characters.
message-too-many = That is more than one place may write for now. Try again later.
message-code = The QR code of your message
message-code-lead = Show it, send it or print it: whoever scans it reads the message.
message-code-once = Whoever scans it first and presses the button reads the message; after that nobody can.
message-download = Download
message-pin-shown = Whoever scans the code needs it. It is shown only here: give it to them in another way.
message-link = The link in the code
message-copy = Copy the link
message-manage = For yourself only:
message-manage-lead = with this link you can see whether the message was read, and delete it. It does not show the message.
message-manage-open = See and delete
message-manage-copy = Copy this link
message-another = Write another message
manage-title = Your message
manage-read = It was read
manage-not-read = It was not read yet
manage-not-counted = It can be read any number of times, and nobody counts how often it is.
manage-read-at = Read
manage-delete-warning = After that nobody can read it any more. This cannot be undone.
manage-delete = Delete the message
manage-deleted = The message is deleted
manage-deleted-since = Not readable since
written-by-visitor = Written by a visitor, not by { $issuer }
message-from = Message from
message-from-issuer = Message from { $issuer }
copy-message = Copy the message
report = Report this message
report-question = What is wrong with it?
report-advice = { $issuer } learns which message it is and what you choose here, not what the message says.
report-fraud = It tries to deceive me
report-abuse = It insults or threatens
report-other = Something else
reported = Thank you, the message is reported
reported-advice = { $issuer } can delete it now. You can close this page.

written-by-visitor-advice = Anybody can write messages here, and { $issuer } has not checked this one.

## The desk

desk = Desk
desk-choose-list = Choose a list
desk-no-lists = You have not been given a list yet. Ask whoever runs the event.
desk-inside = Inside
desk-gate = Gate
desk-no-gate = No gate
desk-choose = Choose
desk-direction = Direction
desk-entry = In
desk-exit = Out
desk-code = Code
desk-code-hint = Scan it with a hand scanner, or type its digits.
desk-pin = PIN
desk-check = Check
desk-last = Your last scans
desk-undo = Undo
desk-undone = Undone
desk-point = Picture of the camera
desk-camera-on = Start the camera
desk-camera-off = Stop the camera
desk-camera-https = The camera only works on a page opened with https.
desk-camera-denied = The camera cannot be used. Allow it for this page in the settings of your browser.
desk-light = Light
desk-unreachable = The server cannot be reached. The code is not checked yet; it is tried again.
desk-since = Let in
desk-by = Let in by
desk-by-pass = Pass
desk-no-entry = Was not inside
desk-let-in = Let in
desk-let-out = Let out
desk-already-in = Already let in
desk-not-on-list = Not for this list
desk-closed = The list is not open now
desk-full = Full
desk-expired = Expired
desk-withdrawn = Withdrawn
desk-used-up = Used up
desk-ended = No longer valid
desk-code-closed = This code is closed for now
desk-unknown = Not one of our codes
desk-takes-pin = This code needs its PIN
desk-pin-wrong = The PIN is wrong
desk-pin-locked = Too many wrong PINs
desk-forbidden = You do not work at this list
desk-session-over = Sign in again
desk-not-checked = Not checked
desk-no-code = No code
desk-print-code = Show or print the code

## Forms

form-made = Here is your code.
form-made-advice = Save or print it. You can also come back to this page: keep its address.
form-send = Send
form-missing = Please fill this in.
form-too-long = This is too long.
form-wrong = This is not what is asked for here.
form-number = Type a number that fits here, without separators for thousands.
form-date = This is not a date.
form-email = This is not an e-mail address.
form-url = This is not a web address that begins with https://.
form-consent = Tick this to go on.
form-errors = Some fields need a change: each says why.
form-too-large = This is more than fits into a code. Shorten what you typed.
form-not-made = No code was made. What you typed is still here: try again later.
form-optional = optional
form-choose = please choose
form-more = One more
form-trap = Leave this empty

## Passes of the desk

pass = Pass for the desk
pass-list = List
pass-until = Valid until
pass-advice = It lets this phone scan codes for this list. It works once, on one phone.
pass-sign-in = Sign this phone in
pass-used = This pass was already used
pass-used-at = Phone signed in
pass-browser = Phone
pass-used-advice = A pass works on one phone only. If that is not yours, tell whoever gave it to you, and ask for another one.
pass-ended = This pass is no longer valid
pass-unknown = This pass is not known here
pass-over = The pass of this phone has ended
pass-ask = Ask whoever gave it to you for another one.
pass-needs-https = Signing in only works on a page opened with https. Whoever runs the server can set it up.
pass-leave = Sign this phone out

## The roll call

roll-call = Roll call
roll-call-find = Name or another detail
roll-call-search = Search
roll-call-all = Show everybody
roll-call-nobody = Nobody
roll-call-more = More people are inside than this page can show.
roll-call-tick = A tick marks whom you have found. Ticks are not saved: they disappear when you search or let somebody out.
roll-call-people = People
roll-call-let-out = Let out

## Badges

badge-again = Print the badge again
badge-print = Print this page to get the badge.
