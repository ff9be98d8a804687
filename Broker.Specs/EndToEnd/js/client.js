// A client on MQTT.js for the end-to-end specs. One JSON argument says what to do; ScriptedClient.cs writes it.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');

const request = JSON.parse(process.argv[2]);
const version5 = request.version === 5;

const say = (line) => process.stdout.write(line + '\n');
const fail = (error) => {
  say(`failed: ${error.message}`);
  process.exit(1);
};

const read = (file) => (file ? fs.readFileSync(file) : undefined);
const client = mqtt.connect({
  protocol: request.authority ? 'mqtts' : 'mqtt',
  host: request.host,
  port: request.port,
  protocolVersion: request.version,
  clientId: request.clientId,
  clean: !request.persistent,
  reconnectPeriod: 0,
  ca: read(request.authority),
  cert: read(request.certificate),
  key: read(request.key),
  rejectUnauthorized: true,
  properties: version5 ? { sessionExpiryInterval: request.persistent ? 300 : 0 } : undefined,
  will: request.willTopic ? { topic: request.willTopic, payload: request.willPayload, qos: 1, retain: false } : undefined,
});
client.on('error', fail);

let received = 0;
let leaving = false;
client.on('close', () => leaving || fail(new Error('the connection was closed')));

const leave = () => {
  leaving = true;
  client.end();
};

client.on('message', (topic, payload, packet) => {
  received += 1;
  say(`message ${packet.retain ? 1 : 0} ${packet.qos} ${topic} ${payload}`);
  if (received === request.until) {
    leave();
  }
});

client.on('connect', async () => {
  try {
    if (request.action === 'publish') {
      await Promise.all(request.payloads.map((payload) =>
        client.publishAsync(request.topic, payload, { qos: request.qos, retain: request.retain })));
      leave();
      return;
    }

    const [granted] = await client.subscribeAsync(request.topic, { qos: request.qos });
    if (granted.qos !== request.qos) {
      throw new Error(`granted ${granted.qos}`);
    }

    say('subscribed');
    if (request.until === 0) {
      leave();
    }
  } catch (error) {
    fail(error);
  }
});
