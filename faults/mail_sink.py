"""A mail server that takes everything: ``python -m faults.mail_sink PORT FILE SECONDS``.
One line for each recipient; it thinks so long about each mail."""

import socketserver
import sys
import time


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(self.server.seconds)
            elif word == b"RCPT":
                with open(self.server.path, "ab") as stream:
                    stream.write(line.split(b":", 1)[1].strip(b"<> \r\n") + b"\n")
            self._say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


if __name__ == "__main__":
    with Sink(("127.0.0.1", int(sys.argv[1])), Session) as sink:
        sink.path, sink.seconds = sys.argv[2], float(sys.argv[3])
        sink.serve_forever()
