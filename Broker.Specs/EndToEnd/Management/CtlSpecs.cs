using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.EndToEnd.Management;

/// <summary><c>Broker.Node ctl</c> against a running node that wants a token.</summary>
public sealed class CtlSpecs(CtlSpecs.TokenBroker own) : IClassFixture<CtlSpecs.TokenBroker>
{
    private const string ViewersToken = "a-viewers-token-of-some-length";
    private const string OperatorsToken = "an-operators-token-of-some-length";

    [Fact]
    public async Task Lists_are_tables_for_people_and_json_for_programs()
    {
        var clientId = Unique.Name("ctl");
        await using var client = await own.Process.Endpoint.ConnectAsync(V5, clientId);

        var table = await RunAsync("clients", "--contains", clientId);
        table.Code.Should().Be(0);
        table.Output[0].Should().StartWith("CLIENT").And.Contain("ADDRESS");
        table.Output.Should().HaveCount(2);
        table.Output[1].Should().StartWith(clientId + " ").And.Contain("127.0.0.1:").And.Contain("5.0");

        var json = await RunAsync("clients", "--contains", clientId, "--json", "--all");
        JsonDocument.Parse(string.Join('\n', json.Output)).RootElement[0].GetProperty("clientId").GetString().Should().Be(clientId);
    }

    [Fact]
    public async Task A_page_says_how_to_go_on()
    {
        var name = Unique.Name("page");
        await using var one = await own.Process.Endpoint.ConnectAsync(V5, name + "1");
        await using var two = await own.Process.Endpoint.ConnectAsync(V5, name + "2");

        var first = await RunAsync("clients", "--contains", name, "--limit", "1");

        first.Output[1].Should().StartWith(name + "1");
        var hint = first.Errors.Should().ContainSingle().Which;
        hint.Should().StartWith("1 of 2. More with --after ");
        (await RunAsync("clients", "--contains", name, "--after", hint.Split("--after ")[1].Split(',')[0])).Output[1].Should().StartWith(name + "2");
    }

    [Fact]
    public async Task A_client_is_kicked()
    {
        var clientId = Unique.Name("kicked");
        await using var client = await own.Process.Endpoint.ConnectAsync(V5, clientId);

        (await RunAsync("kick", clientId)).Code.Should().Be(0);

        await client.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        var again = await RunAsync("kick", Unique.Name("nobody"));
        again.Code.Should().Be(1);
        again.Errors.Should().ContainSingle().Which.Should().StartWith("404: no client");
    }

    [Fact]
    public async Task Without_the_right_token_nothing_is_done()
    {
        (await RunAsAsync(null, "nodes")).Errors.Should().ContainSingle().Which.Should().StartWith("401: a token of mqtt.management.tokens is needed");
        (await RunAsAsync(ViewersToken, "nodes")).Code.Should().Be(0);
        (await RunAsAsync(ViewersToken, "publish", "a", "b")).Errors.Should().ContainSingle().Which.Should().StartWith("403: the token is a viewer's");
        (await RunAsAsync(OperatorsToken, "publish", "a", "b")).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_in_one_line()
    {
        await using var program = NodeProgram.Start("ctl", "nodes", "--url", $"http://127.0.0.1:{FreePort.Next()}");

        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should().Contain("does not answer").And.Contain("--url");

        await using var wrong = NodeProgram.Start("ctl", "nodes", "--url", "nowhere");
        (await wrong.EndAsync()).Should().Be(2);
    }

    private Task<(int Code, string[] Output, string[] Errors)> RunAsync(params string[] arguments) => RunAsAsync(OperatorsToken, arguments);

    private async Task<(int Code, string[] Output, string[] Errors)> RunAsAsync(string? token, params string[] arguments)
    {
        var environment = token is null ? [] : new Dictionary<string, string> { ["MQTT_TOKEN"] = token };
        await using var program = NodeProgram.Start(environment, ["ctl", .. arguments, "--url", $"{own.Process.Management}"]);
        var code = await program.EndAsync();
        return (code, [.. program.Output], [.. program.Errors]);
    }

    /// <summary>Wants a token.</summary>
    public sealed class TokenBroker() : OwnBroker(
    [
        $"mqtt.management.tokens.grafana.token={ViewersToken}",
        $"mqtt.management.tokens.alice={{ role = operator, token = {OperatorsToken} }}",
    ]);
}
