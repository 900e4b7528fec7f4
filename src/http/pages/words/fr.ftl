### Ce que lisent les détenteurs, en français.

## Times

month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
date = { $day } { $month } { $year }
date-time = { $date } à { $time }
date-time-zone = { $date } à { $time } { $zone }
beyond-calendar = { $seconds } secondes après 1970

## Every page

languages = Langue

## A document, open or not

document-from = Document de { $issuer }
sealed-document-from = Document scellé de
issued = Émis
readable-until = Lisible jusqu’au
opens-until = S’ouvre jusqu’au
opens-left = Ouvertures restantes
opens-left-of = { $left } sur { $most }
no-end = sans limite de temps
token-id = Identifiant
document = Document

last-open = Ce code ne peut plus être ouvert.
last-open-advice = Gardez cette page ouverte tant que vous avez besoin du document, ou imprimez-la. Vous pouvez la recharger pendant deux minutes.
opens-again =
    { $left ->
        [one] Ce code peut encore être ouvert une fois.
       *[other] Ce code peut encore être ouvert { $left } fois.
    }

download-json = Télécharger le JSON
copy-json = Copier le JSON
copied = Copié
selected = Sélectionné, à vous de copier
print = Imprimer
json-as-sealed = Le JSON tel qu’il a été scellé
what-the-seal-shows = Le sceau montre que { $issuer } a émis ce document et que personne ne l’a modifié depuis. Il ne montre pas qui vous a remis le code.

## Inside a document

yes = oui
no = non
nothing = non renseigné
empty-text = texte vide
no-entries = aucune entrée
empty = vide
no-name = sans nom

## Reading on

level = Niveau { $level }
levels = « Niveau 5 » et plus devant un titre indique sa profondeur dans le document : la page est trop étroite pour la montrer.
open-address = Ouvrir { $host }
write-to = Écrire un e-mail
call = Appeler
qr-code = Code QR de ce document
check-paper = Scannez-le pour comparer ce papier au document.
whom-to-ask = À qui s’adresser :

## Opening

open-once = Il s’ouvre une seule fois
open-once-advice = Ensuite, personne ne pourra plus l’ouvrir. Regarder cette page ne compte pas ; appuyer sur le bouton, si.
open-last = Il s’ouvre encore une fois
open-last-advice = Il a déjà été ouvert { $opened } fois sur { $most }. Après la prochaine, personne ne pourra plus l’ouvrir. Regarder cette page ne compte pas ; appuyer sur le bouton, si.
open-several = Il s’ouvre encore { $left } fois
open-several-advice = Regarder cette page ne compte pas ; appuyer sur le bouton, si.
open-pin = Il faut son code PIN
open-pin-advice = La personne qui vous a donné le code vous a communiqué le PIN, ou vous l’a envoyé par un autre moyen.
open-again = Vous venez de l’ouvrir
open-again-advice = Pendant deux minutes, ce navigateur peut rouvrir le document sans que cela compte.
open-again-pin = Le PIN est demandé à nouveau.
open-document = Ouvrir le document
pin = PIN
pin-has-letters = Le PIN contient des lettres
pin-with-letters = PIN avec des lettres
pin-missing = Saisissez le PIN.
pin-impossible = Un PIN compte 4 à 64 caractères, sans espace au début ni à la fin.
pin-wrong = Le PIN est incorrect.
tries-left =
    { $left ->
        [0] C’était le dernier essai pour le moment.
        [one] Il reste un essai.
       *[other] Il reste { $left } essais.
    }

## A code that leads elsewhere

link-from = Lien de { $issuer }
code-from = Code de
link-leads-to = Ce code mène à
link-check = Continuez si vous connaissez cette adresse et si vous vous y attendiez.
link-opened = L’ouverture est comptée. L’adresse n’est affichée qu’ici.
link-last-open = Ce code ne peut plus être ouvert.
link-looks-like = Attention : cette adresse ressemble seulement à
link-mixes-scripts = Attention : cette adresse mélange les lettres de plusieurs alphabets et peut donc passer pour une autre.
link-go = Continuer
link-not-ours = Ce qui se trouve à cette adresse ne vient pas de { $issuer }, et personne ici ne l’a vérifié.
open-link = Montrer où il mène
leads-from = Il mènera quelque part à partir du { $time }.

## Destroying

destroy = J’ai terminé, détruire le code
destroy-question = Détruire le code ?
destroy-warning = Plus personne ne pourra ouvrir le document avec ce code, vous non plus, et c’est irréversible. { $issuer } verra que son détenteur l’a détruit, et quand.
destroy-keep = Pour le garder, ne faites rien.
destroy-back = Afficher le document
destroy-for-good = Détruire définitivement
destroyed = Le code est détruit
destroyed-since = Depuis le { $time }, il ne s’ouvre plus, pour personne.
destroyed-pages = Une page où le document est encore affiché, sur ce téléphone ou un autre, ne disparaît pas pour autant : fermez-la.

## At the desk

show-at-desk = Montrez ce code à l’accueil
show-at-desk-advice = Le personnel l’y scannera. Son contenu n’est montré à personne d’autre.
to-desk = Pour le personnel : vérifier ce code
valid-until = Valable jusqu’au
code-to-show = Code QR à présenter
show-code-advice = Présentez-le au lecteur. S’il n’est pas lu, augmentez la luminosité de l’écran.

## Dead ends

what-to-do-now = Que faire maintenant
try-again = Réessayer
start-page = Page d’accueil
problem = Problème
request-id = Numéro de la requête

expired-at = Il pouvait être ouvert jusqu’au { $time }.
last-opened-at = Il a été ouvert pour la dernière fois le { $time }.
withdrawn-by-issuer-at = Son émetteur l’a retiré le { $time }.
destroyed-by-holder-at = Son détenteur l’a détruit le { $time }.
pin-locked-until = Depuis votre réseau, il n’accepte plus de PIN jusqu’au { $time }.
pin-locked-for-good = Il n’accepte plus de PIN tant que son émetteur ne l’a pas débloqué.
staff-only = Ce code est réservé au personnel : il s’ouvre à l’accueil, lors du contrôle.

problem-token_not_recognised = Ce code n’est pas reconnu
    .explanation = Le code a été lu, mais ce serveur ne l’a pas émis : il appartient peut-être à un autre service, est incomplet ou a été modifié. On ne dit pas lequel de ces cas s’applique, afin que nul n’apprenne rien par tâtonnement.
    .next = Scannez à nouveau le code en entier, avec un bon éclairage. Si rien ne change, demandez-en un nouveau à la personne qui vous l’a donné.
problem-token_expired = Ce code a expiré
    .explanation = Le code est authentique, mais il a été émis avec une fin, et elle est passée.
    .next = Demandez-en un nouveau à la personne qui vous l’a donné.
problem-token_used_up = Ce code a déjà servi
    .explanation = Le code est authentique, mais il ne pouvait être ouvert qu’un certain nombre de fois, et c’est fait. Les aperçus de liens et les requêtes répétées ne comptent pas ; compte l’ouverture par une personne, ou par un programme qui appuie sur les boutons.
    .next = Si c’était vous, tout va bien : le navigateur qui l’a ouvert peut encore afficher le document pendant deux minutes, et la personne qui vous a donné le code peut en faire un nouveau. Sinon, prévenez-la : quelqu’un d’autre l’a lu.
problem-token_revoked = Ce code a été retiré
    .explanation = Le code est authentique, mais la personne qui l’a émis ou qui le détenait y a mis fin avant l’heure.
    .next = Demandez-en un nouveau à la personne qui vous l’a donné.
problem-token_gone = Ce à quoi ce code menait n’existe plus
    .explanation = Le code est authentique, mais son document était conservé sur le serveur et n’y est plus : il a expiré, a été épuisé ou retiré il y a quelque temps.
    .next = Demandez-en un nouveau à la personne qui vous l’a donné.
problem-token_closed = Ce code est fermé pour le moment
    .explanation = Le code est authentique, mais il ne s’ouvre qu’un nombre limité de fois ou demande un code PIN, et le serveur a été restauré à partir d’une sauvegarde : il ne sait pas si le code a été ouvert depuis. Aucune ouverture n’a été décomptée.
    .next = Adressez-vous à la personne qui vous a donné le code : elle peut rouvrir ces codes ou vous en donner un nouveau.
problem-link_disabled = Ce code ne mène nulle part pour le moment
    .explanation = Le code est authentique, mais la personne qui l’a créé l’a désactivé. Elle peut le réactiver.
    .next = Réessayez plus tard, ou adressez-vous à la personne qui vous l’a donné.
problem-not_yet = Il est trop tôt pour ce code
    .explanation = Le code est authentique, et il mènera quelque part plus tard.
    .next = Scannez-le à nouveau à ce moment-là.
problem-target_blocked = Ce code ne mène pas plus loin
    .explanation = Le code est authentique, mais ce serveur n’envoie personne à l’adresse vers laquelle il mène : elle figure sur une liste de sites nuisibles, ou n’est plus autorisée ici.
    .next = Ne cherchez pas cette adresse par un autre moyen. Prévenez la personne qui vous a donné le code.
problem-key_retired = Ce code n’est plus en service
    .explanation = Le code est authentique, mais l’émetteur a désactivé la clé qui l’a scellé, et avec elle tous les codes de cette clé.
    .next = Demandez-en un nouveau à la personne qui vous l’a donné.
problem-open_required = Ce code doit être ouvert
    .explanation = L’ouvrir compte ou demande un PIN ; cela ne se fait donc pas tout seul.
    .next = Scannez à nouveau le code et appuyez sur le bouton.
problem-pin_incorrect = Le PIN est incorrect
    .explanation = Ce n’est pas le PIN de ce code. Aucune ouverture n’a été comptée.
    .next = Vérifiez le PIN et saisissez-le à nouveau.
problem-pin_locked = Trop de PIN incorrects
    .explanation = Après cinq PIN incorrects, un réseau doit attendre 15 minutes, et chaque fois plus longtemps ; après 20, d’où qu’ils viennent, le code reste bloqué jusqu’à ce que son émetteur le débloque.
    .next = Patientez, puis réessayez avec le bon PIN. Si vous ne le connaissez pas, demandez-le à la personne qui vous a donné le code.
problem-cross_site = Le formulaire venait d’un autre site
    .explanation = Les formulaires ne sont acceptés que depuis les pages de ce site.
    .next = Ouvrez la page de ce site et envoyez le formulaire depuis là.
problem-rate_limited = Trop de requêtes
    .explanation = Il en est venu davantage, en peu de temps ou en un jour, que ce qui est permis à un même endroit, afin qu’il reste de la place pour tous. Rien n’a été compté et aucune ouverture n’a été utilisée.
    .next = Patientez un instant, puis réessayez. Le code lui-même n’est pas perdu.
problem-request_timeout = La requête a mis trop de temps à arriver
    .explanation = Ce que votre téléphone envoie doit arriver dans un délai fixé par le serveur.
    .next = Renvoyez-le avec une meilleure connexion.
problem-malformed_request = La requête est mal formée
    .explanation = Ce qui est arrivé n’est pas une requête de navigateur : elle a été modifiée ou coupée en chemin.
    .next = Renvoyez-la avec une meilleure connexion.
problem-uri_too_long = L’adresse est trop longue
    .explanation = Le lien est plus long qu’une adresse ne peut l’être ; le code qu’il contient n’est donc pas entier.
    .next = Demandez un code QR ou un lien plus court à la personne qui vous l’a donné. Un programme envoie le jeton dans le corps d’un POST à `/api/decrypt/qrcode-details`.
problem-not_found = Introuvable
    .explanation = Aucune page n’a cette adresse.
    .next = Vérifiez l’adresse, ou commencez par la page d’accueil.
problem-temporarily_unavailable = Indisponible pour le moment
    .explanation = Le serveur est occupé, son horloge ou son trousseau de clés a un problème, ou le code a besoin de quelque chose que ce serveur n’a pas. Le code lui-même n’est pas perdu.
    .next = Réessayez dans un instant.
problem-internal = Une erreur s’est produite sur le serveur
    .explanation = La faute vient du serveur, non de vous. Elle figure dans le journal du serveur sous le numéro de la requête.
    .next = Réessayez ; si cela persiste, communiquez le numéro de la requête à l’exploitant.

## Messages

message = Message
message-write = Écrire un message
message-lead = Vous recevez un code QR. Quiconque le scanne lit le message.
message-how-long = Il peut être lu pendant
message-1-hour = une heure
message-1-day = un jour
message-7-days = 7 jours
message-30-days = 30 jours
message-1-year = un an
message-once = Il ne peut être lu qu’une fois
message-pin = Demander un PIN (il est choisi pour vous)
message-make = Créer le code QR
message-impossible = Un message compte 1 à 10 000 caractères.
message-too-many = C’est plus que ce qu’un même endroit peut écrire pour le moment. Réessayez plus tard.
message-code = Le code QR de votre message
message-code-lead = Montrez-le, envoyez-le ou imprimez-le : quiconque le scanne lit le message.
message-code-once = La première personne qui le scanne et appuie sur le bouton lit le message ; ensuite, plus personne ne le peut.
message-download = Télécharger
message-pin-shown = Il faut le PIN pour lire le message. Il n’est affiché qu’ici : transmettez-le par un autre moyen.
message-link = Le lien contenu dans le code
message-copy = Copier le lien
message-manage = Pour vous seul :
message-manage-lead = avec ce lien, vous voyez si le message a été lu et vous pouvez le supprimer. Il n’affiche pas le message.
message-manage-open = Voir et supprimer
message-manage-copy = Copier ce lien
message-another = Écrire un autre message
manage-title = Votre message
manage-read = Il a été lu
manage-not-read = Il n’a pas encore été lu
manage-not-counted = Il peut être lu autant de fois qu’on veut, et personne ne compte combien.
manage-read-at = Lu
manage-delete-warning = Ensuite, plus personne ne pourra le lire. C’est irréversible.
manage-delete = Supprimer le message
manage-deleted = Le message est supprimé
manage-deleted-since = Plus personne ne peut le lire depuis le
written-by-visitor = Écrit par un visiteur, pas par { $issuer }
message-from = Message de
message-from-issuer = Message de { $issuer }
copy-message = Copier le message
report = Signaler ce message
report-question = Qu’est-ce qui ne va pas ?
report-advice = { $issuer } apprend de quel message il s’agit et ce que vous choisissez ici, pas ce que dit le message.
report-fraud = Il cherche à me tromper
report-abuse = Il insulte ou menace
report-other = Autre chose
reported = Merci, le message est signalé
reported-advice = { $issuer } peut maintenant le supprimer. Vous pouvez fermer cette page.

written-by-visitor-advice = N’importe qui peut écrire des messages ici, et { $issuer } n’a pas vérifié celui-ci.

## Forms

form-made = Voici le code de cette page.
form-made-advice = Enregistrez-le ou imprimez-le. Cette page le montre à nouveau tant que vous gardez l’adresse.
form-send = Envoyer
form-missing = Ce champ n’est pas encore rempli.
form-too-long = C’est trop long.
form-wrong = Ce n’est pas ce qui est demandé ici.
form-number = Ce n’est pas un nombre possible ici. N’écrivez pas de signe entre les milliers.
form-date = Ce n’est pas une date.
form-email = Ce n’est pas une adresse e-mail.
form-url = Ce n’est pas une adresse Web commençant par https://.
form-consent = Cochez cette case pour continuer.
form-errors = Quelque chose ne va pas encore. C’est indiqué à côté des champs.
form-too-large = C’est plus que ce qu’un code peut contenir. Raccourcissez votre saisie.
form-not-made = Aucun code n’a été créé. Votre saisie est toujours là : réessayez plus tard.
form-optional = facultatif
form-choose = veuillez choisir
form-more = Ajouter une ligne
form-trap = Laissez ce champ vide

## The desk

desk = Accueil
desk-choose-list = Choisissez une liste
desk-no-lists = Aucune liste ne vous a encore été confiée. Adressez-vous à la personne qui organise l’événement.
desk-inside = Présents
desk-gate = Porte
desk-no-gate = Aucune porte
desk-choose = Choisir
desk-direction = Sens
desk-entry = Entrée
desk-exit = Sortie
desk-code = Code
desk-code-hint = Scannez-le avec un lecteur, ou saisissez ses chiffres.
desk-pin = PIN
desk-check = Vérifier
desk-last = Vos derniers scans
desk-undo = Annuler
desk-undone = Annulé
desk-point = Image de la caméra
desk-camera-on = Démarrer la caméra
desk-camera-off = Arrêter la caméra
desk-camera-https = La caméra ne fonctionne que sur une page ouverte en https.
desk-camera-denied = La caméra ne peut pas être utilisée. Autorisez-la pour cette page dans les réglages du navigateur.
desk-light = Lampe
desk-unreachable = Le serveur est injoignable. Le code n’est pas encore vérifié ; nouvel essai en cours.
desk-since = Entrée accordée
desk-by = Entrée accordée par
desk-by-pass = Laissez-passer
desk-no-entry = N’était pas entré
desk-let-in = Entrée accordée
desk-let-out = Sortie enregistrée
desk-already-in = Entrée déjà accordée
desk-not-on-list = Pas pour cette liste
desk-closed = La liste n’est pas ouverte
desk-full = Complet
desk-code-closed = Ce code est fermé pour le moment
desk-expired = Expiré
desk-withdrawn = Retiré
desk-used-up = Épuisé
desk-ended = N’est plus valable
desk-unknown = N’est pas un de nos codes
desk-takes-pin = Ce code exige son code PIN
desk-pin-wrong = Le PIN est incorrect
desk-pin-locked = Trop de PIN incorrects
desk-forbidden = Vous n’êtes pas affecté à cette liste
desk-session-over = Reconnectez-vous
desk-not-checked = Non vérifié
desk-no-code = Sans code
desk-print-code = Afficher ou imprimer le code

## Passes, the roll call, badges

pass = Laissez-passer pour le guichet
pass-list = Liste
pass-until = Valable jusqu’au
pass-advice = Avec lui, ce téléphone lit les codes de cette liste. Il sert une fois, sur un téléphone.
pass-sign-in = Connecter ce téléphone
pass-used = Ce laissez-passer a déjà été utilisé
pass-used-at = Téléphone connecté
pass-browser = Téléphone
pass-used-advice = Un laissez-passer ne sert que sur un téléphone. Si ce n’est pas le vôtre, dites-le à la personne qui vous l’a donné et demandez-en un autre.
pass-ended = Ce laissez-passer n’est plus valable
pass-unknown = Ce laissez-passer n’est pas connu ici
pass-over = Le laissez-passer de ce téléphone est terminé
pass-ask = Demandez-en un autre à la personne qui vous l’a donné.
pass-needs-https = La connexion ne fonctionne que sur une page ouverte en https. La personne qui gère le serveur peut la mettre en place.
pass-leave = Déconnecter ce téléphone
roll-call = Liste des présents
roll-call-find = Nom ou autre information
roll-call-search = Chercher
roll-call-all = Afficher tout le monde
roll-call-nobody = Personne
roll-call-more = Il y a plus de personnes à l’intérieur que cette page ne peut en montrer.
roll-call-tick = Une coche indique qui vous avez trouvé. Les coches ne sont pas enregistrées : elles disparaissent quand vous cherchez ou faites sortir quelqu’un.
roll-call-people = Personnes
roll-call-let-out = Faire sortir
badge-again = Imprimer le badge à nouveau
badge-print = Imprimez cette page pour obtenir le badge.
