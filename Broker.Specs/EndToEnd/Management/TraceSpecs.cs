using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>A client's trace, from a running node.</summary>
public sealed class TraceSpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    private readonly BrokerEndpoint _broker = own.Process.Endpoint;

    [Fact]
    public async Task A_client_is_seen_live_from_CONNECT_on()
    {
        var (clientId, topic) = (Unique.Name("traced"), Unique.Name("topic"));
        await using var trace = await BeginAsync(new { clientId });

        await using (var client = await _broker.ConnectAsync(V5, clientId))
        {
            await client.SubscribeAsync(topic, AtLeastOnce);
            await client.PublishAsync(topic, "do-not-show", AtLeastOnce);
            await client.AcknowledgeAsync(await client.ReceiveAsync());
            await client.DisconnectAsync();
        }

        var lines = await trace.UntilAsync(line => line.Text("event") == "closed");
        lines.Select(TraceLines.What).Where(static what => what.Contains(' ')).Should().ContainInOrder(
            "received CONNECT", "sent CONNACK", "received SUBSCRIBE", "sent SUBACK", "received PUBLISH", "sent PUBLISH", "sent PUBACK", "received PUBACK", "received DISCONNECT");
        lines.Should().OnlyContain(line => line.GetProperty("clientId").GetString() == clientId);
        lines.Select(line => line.GetProperty("time").GetDateTimeOffset()).Should().BeInAscendingOrder();
        lines.Single(line => line.What() == "received PUBLISH").GetProperty("bytes").GetInt32().Should().Be(11);
        string.Join('\n', lines).Should().NotContain("do-not-show");
    }

    [Fact]
    public async Task What_is_over_the_rate_is_counted()
    {
        var topic = Unique.Name("many");
        await using var publisher = await _broker.ConnectAsync(V5);
        await using var trace = await BeginAsync(new { topic, rate = 5, seconds = 4 });

        for (var i = 0; i < 50; i++)
        {
            await publisher.PublishAsync(topic, "x", AtLeastOnce);
        }

        var lines = await trace.RestAsync();
        var (shown, leftOut) = (lines.Where(line => line.Text("topic") == topic).ToList(), lines.Where(line => line.Text("event") == "left-out").Sum(line => line.GetProperty("count").GetInt64()));
        shown.Should().HaveCountGreaterThanOrEqualTo(5).And.HaveCountLessThan(50);
        (shown.Count + leftOut).Should().Be(100, "each message is received and routed");
        lines[^1].Text("event").Should().Be("ended");
        lines[^1].Text("reason").Should().Be("its time is up");
    }

    [Theory]
    [InlineData("{}", "a client id, a topic filter or an address must be given")]
    [InlineData("""{"topic":"a/#/b"}""", "is no topic filter")]
    [InlineData("""{"address":"nobody"}""", "is no IP address")]
    [InlineData("""{"clientId":"c","seconds":3601}""", "at most 1 h")]
    [InlineData("""{"clientId":"c","rate":0}""", "from 1 to 1000")]
    public async Task What_has_no_bounds_is_refused(string body, string problem)
    {
        using var answer = await own.Http.PostAsync("/api/v1/trace", new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("message").GetString().Should().Contain(problem);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_its_trace()
    {
        for (var i = 0; i < 20; i++)
        {
            // Far more than may run at a time.
            await using var trace = await BeginAsync(new { clientId = Unique.Name("gone"), seconds = 600 });
        }
    }

    [Fact]
    public async Task Ctl_shows_a_line_each()
    {
        var clientId = Unique.Name("ctl");
        await using var program = NodeProgram.Start("ctl", "trace", "--client", clientId, "--for", "8s", "--url", $"{own.Process.Management}");
        await using var json = NodeProgram.Start("ctl", "trace", "--client", clientId, "--for", "8s", "--json", "--url", $"{own.Process.Management}");
        await LineAsync(program, " tracing");
        await LineAsync(json, "tracing");

        await using (var client = await _broker.ConnectAsync(V5, clientId))
        {
            await client.DisconnectAsync();
        }

        (await program.EndAsync()).Should().Be(0);
        (await json.EndAsync()).Should().Be(0);
        program.Output.Should().Contain(line => line.Contains($" {clientId} received CONNECT address=127.0.0.1:"));
        program.Output.Last().Should().EndWith(" ended reason=its time is up");
        json.Output.Select(line => JsonDocument.Parse(line).RootElement.What()).Should().ContainInOrder("tracing", "received CONNECT", "sent CONNACK", "closed", "ended");
    }

    [Fact]
    public async Task Ctl_says_what_is_wrong()
    {
        await using var nothing = NodeProgram.Start("ctl", "trace", "--url", $"{own.Process.Management}");
        await using var time = NodeProgram.Start("ctl", "trace", "--client", "c", "--for", "5");

        (await nothing.EndAsync()).Should().Be(1);
        nothing.Errors.Should().ContainSingle().Which.Should().StartWith("400: a client id, a topic filter or an address must be given");
        (await time.EndAsync()).Should().NotBe(0);
        time.Errors.Should().Contain(line => line.Contains("must be a time with its unit"));
    }

    private Task<TraceReader> BeginAsync(object body) => TraceReader.BeginAsync(own.Process.Management, body);

    private static async Task LineAsync(NodeProgram program, string text) =>
        (await Eventually.HoldsAsync(() => Task.FromResult(program.Output.Any(line => line.Contains(text, StringComparison.Ordinal))), Deadline.ForPrograms))
            .Should().BeTrue("it said: {0}", string.Join('\n', program.Output.Concat(program.Errors)));
}
