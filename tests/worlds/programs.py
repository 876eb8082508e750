"""How each program of a world is started, by what line it says that it is ready, and its certificates."""
import os
import pathlib
import subprocess
import sys

TRUSTED_ROOT = "World root"
HERE = pathlib.Path(__file__).resolve().parent

# @config@ is the world's configuration behind the opening of its program; @name@ is unique on this machine.
# A program without a line to wait for ("") has to end by itself.
PROGRAMS = {
    "named": (["named", "-g", "-c", "@config@"], " running$"),
    "unbound": (["unbound", "-d", "-c", "@config@"], "start of service"),
    "knotd": (["knotd", "-c", "@config@"], "server started"),
    "dnsmasq": (["dnsmasq", "--keep-in-foreground", "--log-facility=-", "--pid-file", "-C", "@config@"], "started, version"),
    "tinyproxy": (["tinyproxy", "-d", "-c", "@config@"], "Accepting connections"),
    "squid": (["squid", "-N", "-d", "1", "-n", "@name@", "-f", "@config@"], "Accepting .*HTTP Socket connections"),
    "varnishd": (["varnishd", "-F", "-j", "none", "-T", "none", "-s", "malloc,16m", "-n", "@folder@/varnish", "-f", "@config@"],
                 "Child .* said Child starts"),
    "haproxy": (["haproxy", "-W", "-f", "@config@"], "Loading success"),
    "nginx": (["nginx", "-c", "@config@", "-e", "stderr"], "start worker process "),
    # s_server ends at the end of its standard input: this one has none.
    "openssl": (["bash", "-c", 'mkfifo "$0" && exec openssl s_server "$@" <>"$0"', "@folder@/stdin"], "^ACCEPT"),
    "dig": (["dig", "+tries=1", "+time=2", "-f", "@config@"], ""),
    "curl": (["curl", "-sS", "--max-time", "10", "-o", "/dev/null"], ""),
    "nsupdate": (["nsupdate", "@config@"], ""),
    "sign-zone": ([str(HERE / "sign_zone.sh")], ""),
    "tunnel": ([sys.executable, str(HERE / "tunnel.py")], "^ready"),
}

OPENINGS = {
    "named": """options {
    directory "@folder@"; pid-file "@folder@/named.pid"; session-keyfile "@folder@/session.key";
    listen-on-v6 { none; }; recursion no; dnssec-validation no; notify no; empty-zones-enable no;
    listen-on { 192.0.2.53; };
    @options@
};
controls { };
""",
    "unbound": """server:
    username: ""
    chroot: ""
    directory: "@folder@"
    pidfile: "@folder@/unbound.pid"
    use-syslog: no
    verbosity: 1
    do-daemonize: no
    num-threads: 1
    do-not-query-localhost: no
    access-control: 0.0.0.0/0 allow
    access-control: ::/0 allow
remote-control:
    control-enable: no
""",
    "dnsmasq": "user=root\nno-hosts\nno-resolv\nbind-interfaces\n",
    "knotd": "",
    "tinyproxy": "User root\nGroup root\nTimeout 60\nLogLevel Info\nMaxClients 50\n",
    "squid": """pid_filename none
cache_log /dev/stderr
access_log none
memory_cache_shared off
shutdown_lifetime 1 second
coredump_dir @folder@
""",
    "varnishd": "vcl 4.1;\n",
    "haproxy": """defaults
    mode tcp
    timeout connect 3s
    timeout client 60s
    timeout server 60s
""",
    "nginx": """user root;
daemon off;
pid @folder@/nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
""",
}


def put(text, words):
    for key, value in words.items():
        text = text.replace(f"@{key}@", value)
    return text


def files_of(run, number, words, folder):
    """name, place, ready and command (an argument a line) of a program, and its configuration."""
    program = run["program"]
    if program not in PROGRAMS:
        sys.exit(f"unknown program {program}: known are {', '.join(sorted(PROGRAMS))}")
    unknown = set(run) - {"program", "at", "config", "options", "arguments"}
    if unknown:
        sys.exit(f"{program}: unknown: {', '.join(sorted(unknown))}")
    command, ready = PROGRAMS[program]
    words = {**words, "folder": str(folder), "config": str(folder / "config"), "name": f"ucs{os.getpid()}",
             "options": run.get("options", "")}
    folder.chmod(0o777)   # squid is not root for long
    return {
        "name": f"{program}-{number}",
        "place": run.get("at", "server"),
        "ready": ready,
        "command": "".join(f"{put(word, words)}\n" for word in [*command, *run.get("arguments", [])]),
        "config": put(OPENINGS.get(program, "") + run.get("config", ""), words),
    }


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_root(path, name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{path}.key",
            "-out", f"{path}.pem", "-days", "400", "-subj", f"/CN={name}")


def root_of(one, work, known):
    """Who issues it: the world's root, which the client trusts, or one of its own name."""
    name = one.get("issuer", TRUSTED_ROOT)
    if name not in known:
        known[name] = work / f"root-{len(known)}"
        make_root(known[name], name)
    return known[name]


def certificates(wanted, work):
    """NAME.pem, NAME.key and NAME.both.pem (haproxy takes one file) for each, and NAME.issuer.pem for a program that
    issues certificates itself; root-*.pem, of which the trusted ones are returned."""
    known, trusted = {}, set()
    for one in wanted:
        unknown = set(one) - {"name", "names", "usage", "issuer", "trusted"}
        if unknown:
            sys.exit(f"certificate: unknown: {', '.join(sorted(unknown))}")
        root, path = root_of(one, work, known), str(work / one["name"])
        if one.get("trusted", "issuer" not in one):
            trusted.add(f"{root}.pem")
        extensions = [f"subjectAltName={','.join('DNS:' + name for name in one['names'])}",
                      f"extendedKeyUsage={one.get('usage', 'serverAuth')}", "basicConstraints=CA:FALSE"]
        pathlib.Path(f"{path}.ext").write_text("\n".join(extensions) + "\n", encoding="utf-8")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{path}.key", "-out", f"{path}.csr",
                "-subj", f"/CN={one['names'][0]}")
        openssl("x509", "-req", "-in", f"{path}.csr", "-CA", f"{root}.pem", "-CAkey", f"{root}.key", "-CAcreateserial",
                "-days", "200", "-extfile", f"{path}.ext", "-out", f"{path}.pem")
        both = pathlib.Path(f"{path}.pem").read_text(encoding="ascii") + pathlib.Path(f"{path}.key").read_text(encoding="ascii")
        pathlib.Path(f"{path}.both.pem").write_text(both, encoding="ascii")
        issuer = pathlib.Path(f"{root}.pem").read_text(encoding="ascii") + pathlib.Path(f"{root}.key").read_text(encoding="ascii")
        pathlib.Path(f"{path}.issuer.pem").write_text(issuer, encoding="ascii")
    return sorted(trusted)
