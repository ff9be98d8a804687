using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>A client that is known by the certificate of its TLS handshake.</summary>
public sealed class ClientCertificateSpecs : IAsyncLifetime
{
    private const string Name = "specs-client";

    private BrokerProcess? _broker;

    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync(
        "mqtt.security.allow-anonymous=off",
        """mqtt.security.authentication=["x509"]""",
        "mqtt.security.x509.client-id-must-match=on",
        """mqtt.security.authorization.rules=["allow all user specs-client certified/%u/#"]""");

    public async Task DisposeAsync() => await _broker!.DisposeAsync();

    [Theory]
    [InlineData(V5)]
    [InlineData(V311)]
    public async Task Is_the_user_that_its_certificate_names(ProtocolVersion version)
    {
        await using var client = await RawClient.ConnectAsync(
            _broker!.Endpoint, new ConnectPacket { Version = version, ClientId = Name, UserName = "somebody else" }, Security.MutualTls);

        await client.SubscribeAsync($"certified/{Name}/#", AtLeastOnce);
        await client.PublishAsync($"certified/{Name}/x", "x", AtLeastOnce);
        (await client.ExpectEventuallyAsync<PublishPacket>()).Text().Should().Be("x");
        (await client.TrySubscribeAsync(null, new SubscriptionRequest("certified/#", AtMostOnce))).ReasonCodes[0].Should().BeOneOf(ReasonCode.NotAuthorized, ReasonCode.UnspecifiedError);
    }

    [Fact]
    public async Task With_another_client_id_it_is_refused()
    {
        await using var client = await RawClient.OpenAsync(_broker!.Endpoint, V5, Security.MutualTls);
        await client.SendAsync(new ConnectPacket { Version = V5, ClientId = "another" });

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.ClientIdentifierNotValid);
    }

    [Fact]
    public async Task Without_a_certificate_nobody_knows_it()
    {
        await using var client = await RawClient.OpenAsync(_broker!.Endpoint, V5, Security.Tls);
        await client.SendAsync(new ConnectPacket { Version = V5, ClientId = Name });

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.NotAuthorized);
    }
}
