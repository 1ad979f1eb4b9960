"""Asks a YAML language server what it has to say of documents.

language_server.py SERVER SCHEMA < JSON list of texts > JSON list of lists of messages
"""
import json
import subprocess
import sys


def main(server, schema):
    texts = json.load(sys.stdin)
    process = subprocess.Popen([server, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(**message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        process.stdin.flush()

    def receive():
        length = 0
        while line := process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(process.stdout.read(length))

    send(id=1, method="initialize", params={"processId": None, "rootUri": None, "capabilities": {"workspace": {"configuration": True}}})
    while receive().get("id") != 1:
        pass
    send(method="initialized", params={})
    for number, text in enumerate(texts):
        text = f"# yaml-language-server: $schema={schema}\n{text}"
        document = {"uri": f"file:///document-{number}.yaml", "languageId": "yaml", "version": 1, "text": text}
        send(method="textDocument/didOpen", params={"textDocument": document})
    said = {}
    while len(said) < len(texts):
        message = receive()
        if message.get("method") == "textDocument/publishDiagnostics":
            said[message["params"]["uri"]] = [item["message"] for item in message["params"]["diagnostics"]]
        elif message.get("method") == "workspace/configuration":
            send(id=message["id"], result=[{} for _ in message["params"]["items"]])
        elif "id" in message and "method" in message:
            send(id=message["id"], result=None)
    process.kill()
    json.dump([said[f"file:///document-{number}.yaml"] for number in range(len(texts))], sys.stdout)


main(sys.argv[1], sys.argv[2])
