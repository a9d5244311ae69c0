# SPDX-License-Identifier: AGPL-3.0-or-later
"""The two servers that are compared, and a small HTTP client that keeps what they say.

Both listen on loopback ports of their own and are ended by their own process number."""
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "build", "qiao")
NAME, PASSWORD = "bench_reader", "a reader of many notes"
CODINGS = {"plain": "identity", "gzip": "gzip"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port, path):
    """True when a request is answered completely with 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
            s.sendall(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path.encode())
            head = s.recv(65536)
            while s.recv(65536):
                pass
            return head.startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.getheaders(), response.read()

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")


class House:
    """A running `qiao serve` on a data directory, rate limits off."""

    def __init__(self, data):
        self.data, self.port, self.cookie = data, free_port(), ""
        self.log = open(os.path.join(data, "serve.log"), "ab")

    def start(self):
        """Returns milliseconds from the start of the process to the end of its first answered page."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
             "--rate-limits", "off"], stdout=self.log, stderr=self.log, close_fds=False)
        while not answers(self.port, "/"):
            if self.process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit(f"bench: the server did not start; see {self.log.name}")
            time.sleep(0.0005)
        return (time.perf_counter() - began) * 1000

    def stop(self):
        end(self.process)

    def start_and_stop(self):
        self.start()
        self.stop()

    def cpu(self):
        """Seconds of processor time that the process has used."""
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """(resident, private, private with unchanged file pages) in MB.

        Private is what this process alone has and nobody can read again from a file. The third adds clean
        pages of files that happen to be mapped by this process only: libraries and the database."""
        with open(f"/proc/{self.process.pid}/smaps_rollup") as f:
            kb = {k: int(v.split()[0]) for k, v in
                  (line.split(":", 1) for line in f.readlines()[1:])}
        private = kb["Private_Dirty"]
        return kb["Rss"] / 1024, private / 1024, (private + kb["Private_Clean"]) / 1024

    def complete(self):
        """Waits until the feeds know the oldest note."""
        while b"feed_ready 1" not in self.request("GET", "/metrics").body:
            time.sleep(0.005)

    def settle(self, most=60):
        """Waits until the rebuild of the feed in the background is over: no more time is used."""
        quiet, last = 0, -1
        for _ in range(most * 4):
            time.sleep(0.25)
            used = self.cpu()
            quiet = quiet + 1 if used - last < 0.015 else 0
            last = used
            if quiet == 6:
                return

    def request(self, method, path, form=None, coding="plain"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Accept-Encoding": CODINGS[coding]}
        if isinstance(form, dict):
            form = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif form:
            headers["Content-Type"], form = form
        connection.request(method, path, form, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        for key, value in answer.headers:
            if key.lower() == "set-cookie":
                name, cookie = value.split(";")[0].split("=", 1)
                kept = dict(c.split("=", 1) for c in self.cookie.split("; ") if c)
                kept[name] = cookie
                self.cookie = "; ".join(f"{k}={v}" for k, v in kept.items() if v)
        return answer

    def field(self, path, name):
        page = self.request("GET", path).body.decode()
        return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)

    def sign_in(self):
        self.cookie = ""
        form = {"csrf": self.field("/signin", "csrf"), "name": NAME, "password": PASSWORD}
        if self.request("POST", "/signin", form).status != 303:
            raise SystemExit("bench: signing in failed")


def make_account(data):
    subprocess.run([PROGRAM, "account", "create", NAME, "--password-stdin", "--data", data],
                   input=PASSWORD.encode() + b"\n", stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False)


# Everything that makes nginx fast for a few small files: both cores, sendfile, open files kept,
# no access log, connections that live as long as the server's own.
NGINX = """
worker_processes {cores};
pid {dir}/nginx.pid;
error_log {dir}/error.log error;
events {{ worker_connections 1024; multi_accept on; }}
http {{
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 100000000;
	open_file_cache max=100 inactive=600s;
	open_file_cache_valid 600s;
	gzip_static on;
	gzip_vary on;
	types {{ text/html html; image/webp webp; image/jpeg jpg; }}
	client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
	gzip_comp_level 1;
	server {{
		listen 127.0.0.1:{port};
		root {dir}/root;
{headers}
	}}
}}
"""
OWN_HEADERS = {"date", "server", "connection", "content-length", "content-type", "content-encoding",
               "etag", "last-modified", "accept-ranges", "vary", "transfer-encoding", "set-cookie"}


class Nginx:
    """nginx that serves files under the names given to `put`, with the server's own headers."""

    def __init__(self, directory):
        self.dir, self.port = directory, free_port()
        os.makedirs(os.path.join(directory, "root"))
        self.headers = {}

    def put(self, name, plain, gzipped):
        path = os.path.join(self.dir, "root", name)
        with open(path, "wb") as f:
            f.write(plain.body)
        if gzipped:
            with open(path + ".gz", "wb") as f:
                f.write(gzipped.body)
            shutil.copystat(path, path + ".gz")
        for key, value in plain.headers:
            if key.lower() not in OWN_HEADERS:
                self.headers.setdefault(name, []).append((key, value))

    def start(self):
        places = []
        for name, headers in self.headers.items():
            lines = "".join('\t\t\tadd_header {} "{}";\n'.format(k, v.replace('"', '\\"'))
                            for k, v in headers)
            places.append(f"\t\tlocation = /{name} {{\n{lines}\t\t}}")
            # The same file, compressed for each request as a page that is new each time must be.
            places.append(f"\t\tlocation = /anew/{name} {{\n{lines}\t\t\talias {self.dir}/root/{name};\n"
                          "\t\t\tgzip_static off; gzip on;\n\t\t}")
        config = os.path.join(self.dir, "nginx.conf")
        with open(config, "w") as f:
            f.write(NGINX.format(dir=self.dir, port=self.port, headers="\n".join(places),
                                 cores=os.cpu_count()))
        os.chmod(self.dir, 0o755)
        options = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        self.process = subprocess.Popen(["nginx", "-p", self.dir, "-c", config, "-g", options],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(400):
            if answers(self.port, "/" + next(iter(self.headers))):
                return
            time.sleep(0.01)
        raise SystemExit("bench: nginx did not start; see " + os.path.join(self.dir, "error.log"))

    def stop(self):
        end(self.process)
