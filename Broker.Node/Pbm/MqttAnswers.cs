using System.Globalization;
using System.Text.Json;
using Broker.Actors.Hosting;
using Broker.Actors.Inspection;
using Broker.Node.CommandLine.Ctl;
using Broker.Node.Management;

namespace Broker.Node.Pbm;

/// <summary>What <see cref="MqttPalette"/> shows: the tables of <c>ctl</c>, of what the management API asks for them.</summary>
internal sealed class MqttAnswers(BrokerNode node)
{
    private NodeInspection Inspection => node.Inspection!;

    public async Task<string> ListAsync(CtlList list, string? contains, string? limit)
    {
        var page = new PageRequest(Limit: Rows(limit), Contains: contains ?? "");
        return list.Name switch
        {
            "nodes" => Show(list, await Inspection.NodesAsync(page, CancellationToken.None)),
            "clients" => Show(list, await Inspection.ClientsAsync(page, CancellationToken.None)),
            "sessions" => Show(list, await Inspection.SessionsAsync(page, CancellationToken.None)),
            "subscriptions" => Show(list, await Inspection.SubscriptionsAsync(page, CancellationToken.None)),
            "routes" => Show(list, Inspection.Routes(page)),
            "groups" => Show(list, Inspection.Groups(page)),
            "retained" => Show(list, Inspection.Retained("#", page)),
            "listeners" => Show(list, await Inspection.ListenersAsync(page, CancellationToken.None)),
            _ => throw new InvalidOperationException($"There is no list {list.Name}."),
        };
    }

    public async Task<string> ClientAsync(string clientId)
    {
        var found = await Inspection.ClientsAsync(new PageRequest(ClientId: clientId, Limit: 1), CancellationToken.None);
        return found.Items is [var client, ..] ? Show(client) : $"no client \"{clientId}\" is connected";
    }

    public async Task<string> SessionAsync(string clientId) =>
        await Inspection.SessionAsync(clientId, CancellationToken.None) is { } session ? Show(session) : $"there is no session of \"{clientId}\", or its owner does not answer";

    public async Task<string> KickAsync(string clientId) =>
        await Inspection.KickAsync(clientId, CancellationToken.None) is > 0 and var count ? $"{count} told to go" : $"no client \"{clientId}\" is connected";

    public string Primary() => Show(HaAnswer.Of(node.Cluster!.Ha));

    public string Drain(string? address) =>
        node.Cluster!.Leave(address ?? node.Cluster.Members.SelfNode) is { } leaving ? $"Leaving {leaving}" : $"there is no member {address}";

    private static int Rows(string? limit) =>
        limit is null ? PageRequest.DefaultLimit
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= PageRequest.MaxLimit ? rows
        : throw new ArgumentException($"--limit must be a whole number from 1 to {PageRequest.MaxLimit}");

    private static string Show<T>(CtlList list, Page<T> page) => Write(output => output.WriteTable(JsonSerializer.SerializeToElement(page.Items, JsonSerializerOptions.Web), list.Columns))
        + (page.Next is null ? "" : $"{page.Items.Count} of {page.Total}: narrow it with --contains, or use ctl.\n")
        + (page.Missing.Count == 0 ? "" : $"Not there, because they did not answer in time: {string.Join(", ", page.Missing)}\n");

    private static string Show<T>(T thing) => Write(output => output.WriteObject(JsonSerializer.SerializeToElement(thing, JsonSerializerOptions.Web)));

    private static string Write(Action<CtlOutput> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        write(new CtlOutput(text, isJson: false, width: null));
        return text.ToString();
    }
}
