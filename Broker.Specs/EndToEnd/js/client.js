// A client on MQTT.js for the end-to-end specs. One JSON argument says what to do; ScriptedClient.cs writes it.
'use strict';

const fs = require('fs');
const mqtt = require('mqtt');
const runScenario = require('./scenario.js');

const request = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(line + '\n');
const read = (file) => (file ? fs.readFileSync(file) : undefined);
const tls = { ca: read(request.authority), cert: read(request.certificate), key: read(request.key), rejectUnauthorized: true };

runScenario(mqtt, request, tls, say).catch((error) => {
  say(`failed: ${error.message}`);
  process.exit(1);
});
