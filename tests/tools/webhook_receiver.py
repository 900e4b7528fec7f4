"""A receiver of events, as somebody would write it with the package standardwebhooks.

Usage: webhook_receiver.py SECRET LOG [TROUBLE]. It prints its port, verifies each message and writes it into LOG, a line each:
its id and its body. With TROUBLE it answers 500 to every third message that it has not seen, after writing nothing, and redirects
every seventh.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from standardwebhooks.webhooks import Webhook

webhook = Webhook(sys.argv[1])
log = open(sys.argv[2], "a", buffering=1)
trouble = len(sys.argv) > 3
lock, seen = Lock(), set()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        identity = self.headers["webhook-id"]
        try:
            webhook.verify(body, dict(self.headers.items()))
        except Exception as error:
            self.say(400)
            log.write(f"REFUSED {identity} {error}\n")
            return
        with lock:
            new = identity not in seen
            seen.add(identity)
            if trouble and new and len(seen) % 7 == 0:
                return self.say(302)
            if trouble and new and len(seen) % 3 == 0:
                return self.say(500)
            log.write(f"{identity} {body}\n")
        self.say(204)

    def say(self, status):
        self.send_response(status)
        if status == 302:
            self.send_header("location", "http://127.0.0.1:1/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
