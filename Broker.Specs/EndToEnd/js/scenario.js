// What a client on MQTT.js does in the end-to-end specs, in Node.js (client.js) and in a browser (browser/client.html). RequestedClient.cs says what is in a request.
'use strict';

// Prints what it does with `say`; the promise ends with the connection.
const runScenario = (mqtt, request, options, say) => new Promise((resolve, reject) => {
  const version5 = request.version === 5;
  const client = mqtt.connect({
    protocol: (request.webSocket ? 'ws' : 'mqtt') + (request.authority ? 's' : ''),
    path: request.webSocket ? '/mqtt' : undefined,
    host: request.host,
    port: request.port,
    protocolVersion: request.version,
    clientId: request.clientId,
    clean: !request.persistent,
    reconnectPeriod: 0,
    properties: version5 ? { sessionExpiryInterval: request.persistent ? 300 : 0 } : undefined,
    will: request.willTopic ? { topic: request.willTopic, payload: request.willPayload, qos: 1, retain: false } : undefined,
    ...options,
  });
  client.on('error', reject);

  let received = 0;
  let leaving = false;
  client.on('close', () => leaving || reject(new Error('the connection was closed')));

  const leave = () => {
    leaving = true;
    client.end(resolve);
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
      reject(error);
    }
  });
});

// A browser's script has no module: there the function is global.
if (typeof module !== 'undefined') {
  module.exports = runScenario;
}
