"""A bot for one room: it repeats what people say. It is told their messages, and answers, through one webhook.

Set HOOK_URL (the address to post to), HOOK_SECRET and SIGNING_SECRET to what the page shows when you add the webhook with the
address at which this program is reached, and PORT. HTTPS ends at a proxy in front of it. Needs Python 3.9 and no package.
"""
import base64, hashlib, hmac, json, os, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["SIGNING_SECRET"].removeprefix("whsec_"))

def is_genuine(headers, body):
    told_at = headers.get("webhook-timestamp", "")
    signed = f"{headers.get('webhook-id')}.{told_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split()
    is_recent = told_at.isdecimal() and abs(time.time() - int(told_at)) < 300
    return is_recent and any(hmac.compare_digest(expected.encode(), each.encode()) for each in signatures)

class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), 100_000))
        self.send_response(204 if is_genuine(self.headers, body) and answer(self.headers["webhook-id"], body) else 401)
        self.end_headers()

def answer(told, body):
    message = json.loads(body)
    reply = {"text": f"{message['from']['name']} said: {message['text']}"[:4000], "id": told}  # Told twice, it answers once.
    headers = {"authorization": f"Bearer {os.environ['HOOK_SECRET']}", "content-type": "application/json"}
    request = urllib.request.Request(os.environ["HOOK_URL"], json.dumps(reply).encode(), headers)
    return urllib.request.urlopen(request, timeout=4).status == 201  # If it fails, the message is told again.

ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Bot).serve_forever()
