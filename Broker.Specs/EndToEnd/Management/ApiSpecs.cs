using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Management;

/// <summary>What <c>/api/v1</c> of a running node answers, and does.</summary>
public sealed class ApiSpecs(OwnBroker own) : IClassFixture<OwnBroker>
{
    private readonly BrokerEndpoint _broker = own.Process.Endpoint;

    [Fact]
    public async Task A_client_is_listed_found_and_kicked_and_its_session_stays()
    {
        var clientId = Unique.Name("client/with a slash");
        await using var client = await _broker.ConnectAsync(V5, clientId, sessionExpiry: 300, keepAlive: 60);

        var row = (await GetAsync($"clients?contains={Uri.EscapeDataString(clientId)}")).GetProperty("items").EnumerateArray().Should().ContainSingle().Which;
        row.GetProperty("clientId").GetString().Should().Be(clientId);
        row.GetProperty("protocol").GetString().Should().Be("5.0");
        row.GetProperty("listener").GetString().Should().Be("tcp");
        row.GetProperty("keepAlive").GetInt32().Should().Be(60);
        row.GetProperty("sessionExpiry").GetInt32().Should().Be(300);
        row.GetProperty("isDurable").GetBoolean().Should().BeTrue();
        (await GetAsync($"client?id={Uri.EscapeDataString(clientId)}")).ToString().Should().Be(row.ToString());

        (await SendAsync(HttpMethod.Delete, $"client?id={Uri.EscapeDataString(clientId)}")).Body.GetProperty("count").GetInt32().Should().Be(1);

        await client.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        await GoneAsync($"client?id={Uri.EscapeDataString(clientId)}");
        (await SendAsync(HttpMethod.Delete, $"client?id={Uri.EscapeDataString(clientId)}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await GetAsync($"session?id={Uri.EscapeDataString(clientId)}")).GetProperty("isDurable").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_session_tells_what_waits_for_its_client_and_can_be_ended()
    {
        var (clientId, topic) = (Unique.Name("session"), Unique.Name("topic"));
        await using (var client = await _broker.ConnectPersistentAsync(V5, clientId))
        {
            await client.SubscribeAsync(topic, AtLeastOnce);
        }

        await using var publisher = await _broker.ConnectAsync(V5);
        await publisher.PublishAsync(topic, "12345", AtLeastOnce);
        await GoneAsync($"client?id={clientId}");

        var session = await GetAsync($"session?id={clientId}");
        session.GetProperty("queuedMessages").GetInt32().Should().Be(1);
        session.GetProperty("queuedBytes").GetInt32().Should().Be(5 + topic.Length);
        session.GetProperty("expiry").GetInt32().Should().Be(300);
        session.GetProperty("node").ValueKind.Should().Be(JsonValueKind.Null);
        session.GetProperty("subscriptions")[0].GetString().Should().Be(topic);
        (await GetAsync($"sessions?contains={clientId}")).GetProperty("items")[0].GetProperty("isConnected").GetBoolean().Should().BeFalse();

        (await SendAsync(HttpMethod.Delete, $"session?id={clientId}")).Status.Should().Be(HttpStatusCode.OK);

        await GoneAsync($"session?id={clientId}");
        await using var again = await _broker.ConnectPersistentAsync(V5, clientId);
        (await EmptyAsync($"subscriptions?client={clientId}")).Should().BeTrue();
    }

    [Fact]
    public async Task Ending_the_session_of_a_client_that_is_connected_ends_its_connection()
    {
        var clientId = Unique.Name("session");
        await using var client = await _broker.ConnectPersistentAsync(V5, clientId);

        (await SendAsync(HttpMethod.Delete, $"session?id={clientId}")).Status.Should().Be(HttpStatusCode.OK);

        await client.ExpectDisconnectAsync(ReasonCode.AdministrativeAction);
        (await EmptyAsync($"sessions?contains={clientId}")).Should().BeTrue();
    }

    [Fact]
    public async Task Subscriptions_routes_and_groups_are_listed()
    {
        var (live, durable, name) = (Unique.Name("live"), Unique.Name("durable"), Unique.Name("routes"));
        await using var one = await _broker.ConnectAsync(V5, live);
        await one.SubscribeAsync(7, new SubscriptionRequest($"{name}/+", ExactlyOnce, NoLocal: true, RetainAsPublished: true));
        await one.SubscribeAsync($"$share/g/{name}/shared", AtMostOnce);
        await using var other = await _broker.ConnectPersistentAsync(V5, durable);
        await other.SubscribeAsync($"{name}/+", AtLeastOnce);

        var subscriptions = (await GetAsync($"subscriptions?contains={name}")).GetProperty("items").EnumerateArray().ToList();
        subscriptions.Select(row => (row.GetProperty("clientId").GetString(), row.GetProperty("filter").GetString(), row.GetProperty("qos").GetInt32(), row.GetProperty("isDurable").GetBoolean()))
            .Should().BeEquivalentTo([(durable, $"{name}/+", 1, true), (live, $"$share/g/{name}/shared", 0, false), (live, $"{name}/+", 2, false)]);
        subscriptions.Single(row => row.GetProperty("qos").GetInt32() == 2).GetProperty("identifier").GetInt32().Should().Be(7);

        var routes = (await GetAsync($"routes?contains={name}")).GetProperty("items");
        routes[0].GetProperty("filter").GetString().Should().Be($"{name}/+");
        (routes[0].GetProperty("live").GetInt32(), routes[0].GetProperty("durable").GetInt32()).Should().Be((1, 1));
        routes[1].GetProperty("groups")[0].GetString().Should().Be("g");

        var group = (await GetAsync($"groups?contains={name}")).GetProperty("items")[0];
        (group.GetProperty("members").GetInt32(), group.GetProperty("online").GetInt32(), group.GetProperty("clientIds")[0].GetString()).Should().Be((1, 1, live));
    }

    [Fact]
    public async Task A_message_is_published_retained_shown_and_removed()
    {
        var topic = Unique.Name("topic");
        await using var subscriber = await _broker.ConnectAsync(V5);
        await subscriber.SubscribeAsync(topic, AtLeastOnce);

        (await SendAsync(HttpMethod.Post, "publish", new { topic, payload = "grüß", qos = 1, retain = true })).Status.Should().Be(HttpStatusCode.OK);

        (await subscriber.ReceiveAsync()).Text().Should().Be("grüß");
        (await Eventually.HoldsAsync(async () => (await SendAsync(HttpMethod.Get, $"retained-message?topic={topic}")).Status == HttpStatusCode.OK, Deadline.ForPackets)).Should().BeTrue();
        var retained = await GetAsync($"retained-message?topic={topic}");
        retained.GetProperty("payload").GetString().Should().Be("grüß");
        retained.GetProperty("payloadBase64").GetBytesFromBase64().Should().Equal("grüß"u8.ToArray());
        (await GetAsync($"retained?filter={Uri.EscapeDataString(topic + "/#")}")).GetProperty("items")[0].GetProperty("bytes").GetInt32().Should().Be(6);

        (await SendAsync(HttpMethod.Delete, $"retained-message?topic={topic}")).Status.Should().Be(HttpStatusCode.OK);

        await GoneAsync($"retained-message?topic={topic}");
        (await SendAsync(HttpMethod.Delete, $"retained-message?topic={topic}")).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"topic":"a/#"}""", "no topic name")]
    [InlineData("""{"topic":""}""", "no topic name")]
    [InlineData("""{"topic":"$SYS/broker/version"}""", "the broker's own")]
    [InlineData("""{"topic":"a","qos":3}""", "qos must be 0, 1 or 2")]
    [InlineData("""{"topic":"a","payload":"x","payloadBase64":"eA=="}""", "both")]
    public async Task What_cannot_be_published_is_refused(string body, string why)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await own.Http.PostAsync(new Uri("/api/v1/publish", UriKind.Relative), content);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).Should().Contain(why);
    }

    [Theory]
    [InlineData("clients?limit=0")]
    [InlineData("clients?limit=1001")]
    [InlineData("clients?limit=many")]
    [InlineData("clients?after=%2F")]
    [InlineData("retained?filter=a%23")]
    [InlineData("client")]
    public async Task A_wrong_question_gets_400(string path) => (await SendAsync(HttpMethod.Get, path)).Status.Should().Be(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Lists_are_paged()
    {
        var name = Unique.Name("paged");
        var clients = new List<RawClient>();
        for (var i = 0; i < 5; i++)
        {
            clients.Add(await _broker.ConnectAsync(V5, $"{name}-{i}"));
        }

        var (seen, path) = (new List<string>(), $"clients?contains={name}&limit=2");
        for (string? next = ""; next is not null;)
        {
            var page = await GetAsync(path + (next.Length > 0 ? $"&after={next}" : ""));
            page.GetProperty("total").GetInt32().Should().Be(5);
            page.GetProperty("items").GetArrayLength().Should().BeLessThanOrEqualTo(2);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("clientId").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        seen.Should().Equal(Enumerable.Range(0, 5).Select(i => $"{name}-{i}"));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_node_its_listeners_and_its_settings_are_shown()
    {
        var node = await GetAsync("node");
        node.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+$");
        node.GetProperty("isReady").GetBoolean().Should().BeTrue();
        (await GetAsync("nodes")).GetProperty("items")[0].GetProperty("node").GetString().Should().Be(node.GetProperty("node").GetString());
        (await Eventually.HoldsAsync(async () => (await GetAsync("primary")).GetProperty("role").GetString() == "primary", Deadline.ForPackets)).Should().BeTrue();

        (await GetAsync("listeners")).GetProperty("items").EnumerateArray().Select(row => (row.GetProperty("name").GetString(), row.GetProperty("type").GetString()))
            .Should().Contain(("tcp", "tcp")).And.Contain(("mutual", "tls")).And.Contain(("wss", "wss"));

        var settings = (await GetAsync("configuration")).EnumerateArray().ToDictionary(row => row.GetProperty("key").GetString()!, row => row.GetProperty("value").GetString());
        settings["mqtt.limits.max-inflight"].Should().Be("1024");
        settings["mqtt.listeners.tcp.port"].Should().Be($"{_broker.Port}");
    }

    [Fact]
    public async Task The_document_has_every_path_and_describes_what_is_answered()
    {
        var document = await GetAsync("openapi.json");
        var schemas = document.GetProperty("components").GetProperty("schemas");
        document.GetProperty("paths").EnumerateObject().Select(path => path.Name["/api/v1/".Length..]).Should().BeEquivalentTo(
            "node", "nodes", "primary", "clients", "client", "sessions", "session", "subscriptions", "routes", "groups", "retained", "retained-message", "listeners", "configuration",
            "limits", "log-levels", "publish", "drain", "trace");
        await using var client = await _broker.ConnectAsync(V5);
        await client.SubscribeAsync(Unique.Name("document"), AtMostOnce);

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                operation.Value.GetProperty("summary").GetString().Should().NotBeNullOrEmpty(path.Name);
            }

            if (path.Value.TryGetProperty("get", out var get) && !path.Name.EndsWith("/client") && !path.Name.EndsWith("/session") && !path.Name.EndsWith("/retained-message"))
            {
                var schema = get.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
                AssertDescribed(await GetAsync(path.Name["/api/v1/".Length..]), schema, schemas, path.Name);
            }
        }
    }

    /// <summary>What is answered has the properties of its schema and no others.</summary>
    private static void AssertDescribed(JsonElement answer, JsonElement schema, JsonElement schemas, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = schemas.GetProperty(reference.GetString()!["#/components/schemas/".Length..]);
        }

        if (answer.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
        {
            answer.EnumerateObject().Select(property => property.Name).Should().BeEquivalentTo(properties.EnumerateObject().Select(property => property.Name), where);
            foreach (var property in answer.EnumerateObject())
            {
                AssertDescribed(property.Value, properties.GetProperty(property.Name), schemas, $"{where} {property.Name}");
            }
        }
        else if (answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() > 0)
        {
            AssertDescribed(answer[0], schema.GetProperty("items"), schemas, where);
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);
        status.Should().Be(HttpStatusCode.OK, "{0} answers {1}", path, body);
        return body;
    }

    private Task<bool> EmptyAsync(string path) => Eventually.HoldsAsync(async () => (await GetAsync(path)).GetProperty("items").GetArrayLength() == 0, Deadline.ForPackets);

    private async Task GoneAsync(string path) =>
        (await Eventually.HoldsAsync(async () => (await SendAsync(HttpMethod.Get, path)).Status == HttpStatusCode.NotFound, Deadline.ForPackets)).Should().BeTrue("{0} should be gone", path);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await own.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
