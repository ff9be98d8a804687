"""A client on paho-mqtt for the end-to-end specs. One JSON argument says what to do; ScriptedClient.cs writes it."""

import json
import ssl
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

request = json.loads(sys.argv[1])
version5 = request["version"] == 5
received = 0
leaving = False
unacknowledged = set()


def say(line):
    print(line, flush=True)


def fail(what):
    say(what)
    sys.exit(1)


def leave():
    global leaving
    leaving = True
    client.disconnect()


def on_connect(client, userdata, flags, reason, properties=None):
    if reason != 0:
        fail(f"refused: {reason}")
    if request["action"] == "subscribe":
        client.subscribe(request["topic"], request["qos"])
        return
    for payload in request["payloads"]:
        sent = client.publish(request["topic"], payload, request["qos"], request["retain"])
        unacknowledged.add(sent.mid)


def on_publish(client, userdata, mid):
    unacknowledged.discard(mid)
    if not unacknowledged:
        leave()


def on_subscribe(client, userdata, mid, granted, properties=None):
    codes = [code.value if version5 else code for code in granted]
    if codes != [request["qos"]]:
        fail(f"granted {codes}")
    say("subscribed")
    if request["until"] == 0:
        leave()


def on_message(client, userdata, message):
    global received
    received += 1
    say(f"message {int(message.retain)} {message.qos} {message.topic} {message.payload.decode()}")
    if received == request["until"]:
        leave()


client = mqtt.Client(
    request["clientId"],
    clean_session=None if version5 else not request["persistent"],
    protocol=mqtt.MQTTv5 if version5 else mqtt.MQTTv311,
    transport="websockets" if request["webSocket"] else "tcp",
)
client.on_connect = on_connect
client.on_publish = on_publish
client.on_subscribe = on_subscribe
client.on_message = on_message
if request["authority"]:
    client.tls_set(request["authority"], request["certificate"], request["key"], cert_reqs=ssl.CERT_REQUIRED)
if request["willTopic"]:
    client.will_set(request["willTopic"], request["willPayload"], qos=1)

if version5:
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 300 if request["persistent"] else 0
    client.connect(request["host"], request["port"], clean_start=not request["persistent"], properties=properties)
else:
    client.connect(request["host"], request["port"])
# Its result says "connection lost" for an ordinary end too; what counts is who ended it.
client.on_disconnect = lambda *_: leaving or fail("the connection was closed")
client.loop_forever()
