/* A client on paho C for the end-to-end specs. Its arguments, each "name=value", say what to do; CompiledClient.cs writes them. */

#include <MQTTClient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { wait_ms = 20000 };

static char **arguments;

/* The value of the next argument of that name, or NULL; the first where `after` is NULL. */
static char *next(const char *name, char ***after)
{
  size_t length = strlen(name);
  for (char **argument = *after ? *after : arguments; *argument; argument++) {
    if (strncmp(*argument, name, length) == 0 && (*argument)[length] == '=') {
      *after = argument + 1;
      return *argument + length + 1;
    }
  }
  return NULL;
}

static char *get(const char *name)
{
  char **first = NULL;
  return next(name, &first);
}

static int number(const char *name)
{
  char *value = get(name);
  return value ? atoi(value) : 0;
}

static void need(const char *what, int code)
{
  if (code != MQTTCLIENT_SUCCESS) {
    printf("%s: %d\n", what, code);
    exit(1);
  }
}

static void connect_client(MQTTClient client, int version5)
{
  MQTTClient_connectOptions options3 = MQTTClient_connectOptions_initializer;
  MQTTClient_connectOptions options5 = MQTTClient_connectOptions_initializer5;
  MQTTClient_SSLOptions tls = MQTTClient_SSLOptions_initializer;
  MQTTClient_willOptions will = MQTTClient_willOptions_initializer;
  MQTTClient_connectOptions *options = version5 ? &options5 : &options3;

  if (get("authority")) {
    tls.trustStore = get("authority");
    tls.keyStore = get("certificate");
    tls.privateKey = get("key");
    tls.verify = 1;
    options->ssl = &tls;
  }
  if (get("willTopic")) {
    will.topicName = get("willTopic");
    will.message = get("willPayload");
    will.qos = 1;
    options->will = &will;
  }

  if (!version5) {
    options->cleansession = !number("persistent");
    need("connect", MQTTClient_connect(client, options));
    return;
  }

  MQTTProperties properties = MQTTProperties_initializer;
  MQTTProperty expiry = { .identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL };
  expiry.value.integer4 = number("persistent") ? 300 : 0;
  MQTTProperties_add(&properties, &expiry);
  options->cleanstart = !number("persistent");
  MQTTResponse response = MQTTClient_connect5(client, options, &properties, NULL);
  need("connect", (int)response.reasonCode);
  MQTTResponse_free(response);
  MQTTProperties_free(&properties);
}

static void publish(MQTTClient client, int version5)
{
  char **position = NULL;
  for (char *payload = next("payload", &position); payload; payload = next("payload", &position)) {
    MQTTClient_message message = MQTTClient_message_initializer;
    MQTTClient_deliveryToken token;
    message.payload = payload;
    message.payloadlen = (int)strlen(payload);
    message.qos = number("qos");
    message.retained = number("retain");
    if (version5) {
      MQTTResponse response = MQTTClient_publishMessage5(client, get("topic"), &message, &token);
      need("publish", (int)response.reasonCode);
      MQTTResponse_free(response);
    } else {
      need("publish", MQTTClient_publishMessage(client, get("topic"), &message, &token));
    }
    need("acknowledgement", MQTTClient_waitForCompletion(client, token, wait_ms));
  }
}

static void subscribe(MQTTClient client, int version5)
{
  char *filter = get("topic");
  int granted = number("qos");
  if (version5) {
    MQTTResponse response = MQTTClient_subscribe5(client, filter, granted, NULL, NULL);
    granted = (int)response.reasonCode;
    MQTTResponse_free(response);
  } else {
    need("subscribe", MQTTClient_subscribeMany(client, 1, &filter, &granted));
  }
  need("granted other than asked", granted - number("qos"));
  puts("subscribed");

  for (int received = 0; received < number("until");) {
    char *topic = NULL;
    int topic_length = 0;
    MQTTClient_message *message = NULL;
    need("receive", MQTTClient_receive(client, &topic, &topic_length, &message, 1000));
    if (message) {
      printf("message %d %d %s %.*s\n", message->retained, message->qos, topic, message->payloadlen, (char *)message->payload);
      received++;
      MQTTClient_freeMessage(&message);
      MQTTClient_free(topic);
    }
  }
}

int main(int count, char **all)
{
  (void)count;
  arguments = all + 1;
  /* Into a pipe as into a terminal: line by line. */
  setvbuf(stdout, NULL, _IOLBF, 0);

  int web_socket = number("webSocket"), version5 = number("version") == 5;
  const char *scheme = get("authority") ? (web_socket ? "wss" : "ssl") : (web_socket ? "ws" : "tcp");
  char uri[256];
  snprintf(uri, sizeof uri, "%s://%s:%s%s", scheme, get("host"), get("port"), web_socket ? "/mqtt" : "");

  MQTTClient client;
  MQTTClient_createOptions options = MQTTClient_createOptions_initializer;
  options.MQTTVersion = version5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1;
  need("create", MQTTClient_createWithOptions(&client, uri, get("clientId"), MQTTCLIENT_PERSISTENCE_NONE, NULL, &options));
  connect_client(client, version5);
  if (strcmp(get("action"), "publish") == 0) {
    publish(client, version5);
  } else {
    subscribe(client, version5);
  }

  need("disconnect", version5 ? MQTTClient_disconnect5(client, wait_ms, MQTTREASONCODE_SUCCESS, NULL) : MQTTClient_disconnect(client, wait_ms));
  MQTTClient_destroy(&client);
  return 0;
}
