using System.ComponentModel;
using System.Text;
using System.Text.Unicode;
using Broker.Actors.Inspection;
using Broker.Actors.Storage;
using Broker.Protocol.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management.Api;

/// <summary>What can be looked at.</summary>
internal sealed partial class ApiEndpoints
{
    private void MapReading(RouteGroupBuilder api)
    {
        api.MapGet("/node", NodeAsync).WithSummary("The node that is asked: version, commit, state.");
        api.MapGet("/nodes", NodesAsync).WithSummary("The members of the cluster, as each tells of itself.");
        api.MapGet("/primary", Primary).WithSummary("Who is primary.");
        api.MapGet("/clients", ClientsAsync).WithSummary("Connected clients, of all nodes.");
        api.MapGet("/client", ClientAsync).WithSummary("A connected client.").Produces<Message>(StatusCodes.Status404NotFound);
        api.MapGet("/sessions", SessionsAsync).WithSummary("Sessions that outlive their connection, from the database.").Produces<Message>(StatusCodes.Status503ServiceUnavailable);
        api.MapGet("/session", SessionAsync).WithSummary("A session, as its owner tells of it.").Produces<Message>(StatusCodes.Status404NotFound);
        api.MapGet("/subscriptions", SubscriptionsAsync).WithSummary("Subscriptions of all sessions.");
        api.MapGet("/routes", Routes).WithSummary("Where the node that is asked sends what a filter matches.");
        api.MapGet("/groups", Groups).WithSummary("Shared groups, as the node that is asked picks from them.");
        api.MapGet("/retained", Retained).WithSummary("Retained messages, without their payloads.").Produces<Message>(StatusCodes.Status400BadRequest);
        api.MapGet("/retained-message", RetainedMessage).WithSummary("A topic's retained message, with its payload.").Produces<Message>(StatusCodes.Status404NotFound);
        api.MapGet("/listeners", ListenersAsync).WithSummary("Open listeners, of all nodes.");
        api.MapGet("/configuration", Configuration).WithSummary("The settings in effect on the node that is asked, with what is secret masked.");
        api.MapGet("/limits", Limits).WithSummary("The limits of the node that is asked that can be changed while it runs.");
        api.MapGet("/log-levels", LogLevels).WithSummary("What the log of the node that is asked shows.");
    }

    private async Task<Ok<NodeRow>> NodeAsync(CancellationToken cancellation) => TypedResults.Ok(await Inspection.NodeAsync(cancellation));

    private async Task<Ok<Page<NodeRow>>> NodesAsync([AsParameters] PageParameters page, CancellationToken cancellation) =>
        Show(await Inspection.NodesAsync(page.Request, cancellation));

    private Ok<HaAnswer> Primary() => TypedResults.Ok(HaAnswer.Of(Cluster.Ha));

    private async Task<Ok<Page<ClientRow>>> ClientsAsync([AsParameters] PageParameters page, CancellationToken cancellation) =>
        Show(await Inspection.ClientsAsync(page.Request, cancellation));

    private async Task<Results<Ok<ClientRow>, NotFound<Message>>> ClientAsync([Description("The client id.")] string id, CancellationToken cancellation)
    {
        var found = await Inspection.ClientsAsync(new PageRequest(ClientId: id, Limit: 1), cancellation);
        return found.Items is [var client, ..] ? TypedResults.Ok(client) : NotFound($"no client \"{id}\" is connected{Unheard(found.Missing)}");
    }

    private async Task<Results<Ok<Page<SessionRow>>, JsonHttpResult<Message>>> SessionsAsync([AsParameters] PageParameters page, CancellationToken cancellation)
    {
        try
        {
            return Show(await Inspection.SessionsAsync(page.Request, cancellation));
        }
        catch (StorageException problem)
        {
            return Unavailable("the database does not answer: " + problem.Message);
        }
    }

    private async Task<Results<Ok<SessionDescription>, NotFound<Message>>> SessionAsync([Description("The client id.")] string id, CancellationToken cancellation) =>
        await Inspection.SessionAsync(id, cancellation) is { } session ? TypedResults.Ok(session) : NotFound($"there is no session of \"{id}\", or its owner does not answer");

    private async Task<Ok<Page<SubscriptionRow>>> SubscriptionsAsync([AsParameters] PageParameters page, CancellationToken cancellation) =>
        Show(await Inspection.SubscriptionsAsync(page.Request, cancellation));

    private Ok<Page<RouteRow>> Routes([AsParameters] PageParameters page) => Show(Inspection.Routes(page.Request));

    private Ok<Page<GroupRow>> Groups([AsParameters] PageParameters page) => Show(Inspection.Groups(page.Request));

    private Results<Ok<Page<RetainedRow>>, BadRequest<Message>> Retained(
        [AsParameters] PageParameters page, [Description("A topic filter; left out: all topics but those under $SYS.")] string filter = TopicFilters.All)
    {
        if (!TopicFilter.TryParse(filter, out var parsed, out _) || parsed!.IsShared)
        {
            return TypedResults.BadRequest(new Message($"\"{filter}\" is no topic filter"));
        }

        return Show(Inspection.Retained(filter, page.Request));
    }

    private Results<Ok<RetainedMessageBody>, NotFound<Message>> RetainedMessage([Description("The topic.")] string topic)
    {
        if (Inspection.RetainedMessage(topic) is not var (row, payload))
        {
            return NotFound($"\"{topic}\" has no retained message");
        }

        var text = Utf8.IsValid(payload.Span) ? Encoding.UTF8.GetString(payload.Span) : null;
        return TypedResults.Ok(new RetainedMessageBody(row.Topic, row.QoS, row.Bytes, row.ExpiresAt, text, payload.ToArray()));
    }

    private async Task<Ok<Page<ListenerRow>>> ListenersAsync([AsParameters] PageParameters page, CancellationToken cancellation) =>
        Show(await Inspection.ListenersAsync(page.Request, cancellation));

    private Ok<IReadOnlyList<SettingRow>> Configuration() => TypedResults.Ok(sources.Settings());

    private Ok<IReadOnlyList<LimitRow>> Limits() => TypedResults.Ok(sources.Limits());

    private Ok<LogLevelsBody> LogLevels() => TypedResults.Ok(sources.LogLevels.Describe());

    private static string Unheard(IReadOnlyList<string> missing) => missing.Count == 0 ? "" : $"; {string.Join(", ", missing)} did not answer";

    private static class TopicFilters
    {
        public const string All = "#";
    }
}
