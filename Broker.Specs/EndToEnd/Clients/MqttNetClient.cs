using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>MQTTnet's client, in this process.</summary>
internal sealed class MqttNetClient : IClientUnderTest
{
    private static readonly MqttClientFactory Factory = new();

    /// <inheritdoc/>
    public async Task PublishAsync(Connection connection, Outgoing messages)
    {
        using var client = Factory.CreateMqttClient();
        await ConnectAsync(client, connection);
        foreach (var payload in messages.Payloads)
        {
            var result = await client.PublishStringAsync(
                messages.Topic, payload, (MqttQualityOfServiceLevel)messages.QoS, messages.Retain);
            result.IsSuccess.Should().BeTrue("the broker should take the message: {0}", result.ReasonString);
        }

        await client.DisconnectAsync();
    }

    /// <inheritdoc/>
    public async Task<IRunningClient> SubscribeAsync(Connection connection, string filter, QualityOfService qos, int until)
    {
        var running = new Running(Factory.CreateMqttClient(), until);
        await ConnectAsync(running.Client, connection);
        var answer = await running.Client.SubscribeAsync(filter, (MqttQualityOfServiceLevel)qos);
        answer.Items.Single().ResultCode.Should().Be((MqttClientSubscribeResultCode)qos);
        running.EndIfComplete();
        return running;
    }

    private static Task<MqttClientConnectResult> ConnectAsync(IMqttClient client, Connection connection)
    {
        var options = Factory.CreateClientOptionsBuilder()
            .WithClientId(connection.ClientId)
            .WithProtocolVersion(connection.Version == ProtocolVersion.V5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithCleanStart(!connection.Persistent)
            .WithTimeout(Deadline.ForPackets);
        if (connection.IsWebSocket)
        {
            options.WithWebSocketServer(server => server.WithUri($"{(connection.IsSecure ? "wss" : "ws")}://localhost:{connection.Port}/mqtt"));
        }
        else
        {
            options.WithTcpServer("localhost", connection.Port);
        }

        if (connection.Version == ProtocolVersion.V5)
        {
            options.WithSessionExpiryInterval(connection.Persistent ? 300u : 0u);
        }

        if (connection.IsSecure)
        {
            options.WithTlsOptions(tls =>
            {
                tls.WithRevocationMode(X509RevocationMode.NoCheck)
                    .WithClientCertificates(connection.IsMutual ? [connection.Certificates.LoadClient()] : []);
                if (connection.IsWebSocket)
                {
                    // Over WebSocket this client takes no authorities of its own.
                    tls.WithCertificateValidationHandler(seen => IsTrusted(seen.Certificate, connection.Certificates.LoadAuthority()));
                }
                else
                {
                    tls.WithTrustChain([connection.Certificates.LoadAuthority()]);
                }
            });
        }

        if (connection.Will is { } will)
        {
            options.WithWillTopic(will.Topic).WithWillPayload(will.Payload).WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        }

        return client.ConnectAsync(options.Build());
    }

    private static bool IsTrusted(X509Certificate server, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(new X509Certificate2(server));
    }

    private sealed class Running : IRunningClient
    {
        private readonly ConcurrentQueue<Incoming> _received = new();
        private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly int _until;

        public Running(IMqttClient client, int until)
        {
            Client = client;
            _until = until;
            client.ApplicationMessageReceivedAsync += arrived =>
            {
                var message = arrived.ApplicationMessage;
                _received.Enqueue(new Incoming(
                    message.Topic,
                    Encoding.UTF8.GetString(message.Payload),
                    (QualityOfService)message.QualityOfServiceLevel,
                    message.Retain));
                EndIfComplete();
                return Task.CompletedTask;
            };
        }

        public IMqttClient Client { get; }

        public IReadOnlyList<Incoming> Received => [.. _received];

        public void EndIfComplete()
        {
            if (_received.Count >= _until)
            {
                _complete.TrySetResult();
            }
        }

        public async Task EndAsync()
        {
            await _complete.Task.WaitAsync(Deadline.ForPrograms);
            await Client.DisconnectAsync();
        }

        public Task KillAsync()
        {
            Client.Dispose();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
