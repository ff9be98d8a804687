using System.Net;
using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Transport.Proxy;

namespace Broker.Specs.EndToEnd.Limits;

/// <summary>Behind a proxy the client's own address is the one that operators see.</summary>
public sealed class ProxiedClientSpecs(RatedBroker rated) : IClassFixture<RatedBroker>
{
    private const string LinkedAddress = "10.0.0.5:50123 (Private Link 305419896)";

    private static readonly IPEndPoint Client = IPEndPoint.Parse("203.0.113.7:50123");
    private static readonly IPEndPoint Linked = IPEndPoint.Parse("10.0.0.5:50123");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_is_in_the_log_and_in_the_list_of_clients(int version)
    {
        var clientId = Unique.Name("proxied");
        await using (var client = await ConnectAsync(version == 1 ? ProxyBytes.Text(Client) : ProxyBytes.Binary(Client), clientId))
        {
            (await AddressAsync(clientId)).Should().Be($"{Client}");
        }

        await rated.Process.WaitForLineAsync($"Connected {clientId} from {Client} on proxied");
        await rated.Process.WaitForLineAsync($"Disconnected {clientId} from {Client}");
    }

    [Fact]
    public async Task With_the_Private_Link_that_it_came_through()
    {
        var clientId = Unique.Name("linked");
        await using (await ConnectAsync(ProxyBytes.Binary(Linked, ProxyBytes.AzureLink(305_419_896)), clientId))
        {
            (await AddressAsync(clientId)).Should().Be(LinkedAddress);
        }

        await rated.Process.WaitForLineAsync($"Disconnected {clientId} from {LinkedAddress}");
    }

    [Fact]
    public async Task Without_a_header_nobody_is_served()
    {
        await using var client = await RawClient.OpenAsync(rated.Proxied, ProtocolVersion.V5);
        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = Unique.Name("direct") });

        await client.ExpectCloseAsync();

        await rated.Process.WaitForLineAsync("on listener proxied");
    }

    private async Task<RawClient> ConnectAsync(byte[] header, string clientId)
    {
        var client = await RawClient.OpenAsync(rated.Proxied, ProtocolVersion.V5);
        await client.SendAsync(header);
        (await client.IsAcceptedAsync(clientId)).Should().BeTrue("the broker printed: {0}", rated.Process.Endpoint.Transcript());
        return client;
    }

    private async Task<string?> AddressAsync(string clientId)
    {
        using var answer = JsonDocument.Parse(await rated.Http.GetStringAsync(new Uri($"/api/v1/client?id={clientId}", UriKind.Relative)));
        return answer.RootElement.GetProperty("address").GetString();
    }
}
