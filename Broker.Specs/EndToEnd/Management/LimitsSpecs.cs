using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>Limits of a running node are looked at and changed.</summary>
public sealed class LimitsSpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    private readonly BrokerEndpoint _broker = own.Process.Endpoint;

    [Fact]
    public async Task A_queue_that_is_full_takes_more_once_its_limit_is_higher()
    {
        var (clientId, topic) = (Unique.Name("queue"), Unique.Name("topic"));
        await using (var client = await _broker.ConnectPersistentAsync(V5, clientId))
        {
            await client.SubscribeAsync(topic, AtLeastOnce);
            await client.DisconnectAsync(sessionExpiry: 300);
        }

        await using var publisher = await _broker.ConnectAsync(V5);
        await SetAsync("max-queued-messages", "1");
        (await publisher.PublishAsync(topic, "1", AtLeastOnce)).Should().Be(ReasonCode.Success);
        (await publisher.PublishAsync(topic, "2", AtLeastOnce)).Should().Be(ReasonCode.QuotaExceeded);

        await SetAsync("max-queued-messages", "1000");
        (await publisher.PublishAsync(topic, "3", AtLeastOnce)).Should().Be(ReasonCode.Success);
    }

    [Fact]
    public async Task What_holds_is_told_and_what_cannot_hold_is_refused()
    {
        var changed = await SetAsync("max-topic-levels", "100");
        changed.GetProperty("changed")[0].GetString().Should().StartWith("akka.tcp://mqtt@");

        var limits = JsonDocument.Parse(await own.Http.GetStringAsync(new Uri("/api/v1/limits", UriKind.Relative))).RootElement.EnumerateArray();
        var limit = limits.Single(row => row.GetProperty("name").GetString() == "max-topic-levels");
        (limit.GetProperty("value").GetString(), limit.GetProperty("origin").GetString()).Should().Be(("100", "changed while running"));
        (await own.Http.GetStringAsync(new Uri("/api/v1/configuration", UriKind.Relative))).Should().Contain("changed while running");

        using var refused = await PutAsync("max-topic-levels", "0");
        refused.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString()
            .Should().Be("mqtt.limits.max-topic-levels = 0 (changed while running): must be a whole number from 1 to 65535.");
    }

    [Fact]
    public async Task Ctl_shows_and_changes_them()
    {
        var changed = await RunAsync("limit", "max-subscriptions", "500", "--all-nodes");
        changed.Code.Should().Be(0);

        var table = await RunAsync("limits");
        table.Code.Should().Be(0);
        table.Output[0].Should().StartWith("LIMIT");
        table.Output.Single(line => line.StartsWith("max-subscriptions ", StringComparison.Ordinal)).Should().Contain(" 500 ").And.Contain("changed while running");

        var wrong = await RunAsync("limit", "max-subscribtions", "500");
        wrong.Code.Should().Be(1);
        wrong.Errors.Should().ContainSingle().Which.Should().StartWith("400: \"max-subscribtions\" is no limit").And.Contain("the nearest is max-subscriptions;");
    }

    private async Task<JsonElement> SetAsync(string name, string value)
    {
        using var answer = await PutAsync(name, value);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task<HttpResponseMessage> PutAsync(string name, string value) => own.Http.PutAsJsonAsync("/api/v1/limits", new { name, value });

    private async Task<(int Code, string[] Output, string[] Errors)> RunAsync(params string[] arguments)
    {
        await using var program = NodeProgram.Start(["ctl", .. arguments, "--url", $"{own.Process.Management}"]);
        var code = await program.EndAsync();
        return (code, [.. program.Output], [.. program.Errors]);
    }
}
