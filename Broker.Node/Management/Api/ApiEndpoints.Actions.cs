using System.ComponentModel;
using System.Text;
using Broker.Actors.Inspection;
using Broker.Actors.Routing;
using Broker.Protocol.Packets;
using Broker.Protocol.Topics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Broker.Node.Management.Api;

/// <summary>What can be done.</summary>
internal sealed partial class ApiEndpoints
{
    private void MapActions(RouteGroupBuilder api)
    {
        api.MapDelete("/client", KickAsync).WithSummary("Ends a client's connection; its session stays.");
        api.MapDelete("/session", DeleteSessionAsync).WithSummary("Ends a session with all that is queued, and the connection that it may have.");
        api.MapDelete("/retained-message", DeleteRetainedAsync).WithSummary("Removes a topic's retained message.");
        api.MapPost("/publish", PublishAsync).WithSummary("Publishes a message.");
        api.MapPost("/drain", Drain).WithSummary("A node sends its clients to the others, leaves the cluster, and its process ends.");
        api.MapPut("/limits", SetLimitAsync).WithSummary("Changes a limit of the node that is asked, or of all, until it starts again.");
        api.MapPut("/log-levels", SetLogLevel).WithSummary("Changes what the log of the node that is asked shows, until it starts again.");
    }

    private async Task<Results<Ok<CountBody>, NotFound<Message>>> KickAsync([Description("The client id.")] string id, CancellationToken cancellation)
    {
        var count = await Inspection.KickAsync(id, cancellation);
        return count > 0 ? TypedResults.Ok(new CountBody(count)) : NotFound($"no client \"{id}\" is connected");
    }

    private async Task<Results<Ok<Message>, JsonHttpResult<Message>>> DeleteSessionAsync([Description("The client id.")] string id, CancellationToken cancellation) =>
        await Inspection.DeleteSessionAsync(id, cancellation)
            ? TypedResults.Ok(new Message($"\"{id}\" has no session any more"))
            : Unavailable("the session's owner does not answer; try again");

    private async Task<Results<Ok<Message>, NotFound<Message>, JsonHttpResult<Message>>> DeleteRetainedAsync([Description("The topic.")] string topic, CancellationToken cancellation)
    {
        if (Inspection.RetainedMessage(topic) is null)
        {
            return NotFound($"\"{topic}\" has no retained message");
        }

        return await Inspection.PublishAsync(new Publication { Topic = topic, Payload = ReadOnlyMemory<byte>.Empty, Retain = true, QoS = QualityOfService.AtLeastOnce }, cancellation)
            ? TypedResults.Ok(new Message($"\"{topic}\" has no retained message any more"))
            : Unavailable("it is not removed yet: the database or a node does not answer");
    }

    private async Task<Results<Ok<Message>, BadRequest<Message>, JsonHttpResult<Message>>> PublishAsync(PublishBody body, CancellationToken cancellation)
    {
        if (Problem(body) is { } problem)
        {
            return TypedResults.BadRequest(new Message(problem));
        }

        var publication = new Publication
        {
            Topic = body.Topic,
            Payload = body.PayloadBase64 ?? Encoding.UTF8.GetBytes(body.Payload ?? ""),
            QoS = (QualityOfService)body.QoS,
            Retain = body.Retain,
        };
        return await Inspection.PublishAsync(publication, cancellation)
            ? TypedResults.Ok(new Message("published"))
            : Unavailable("it is on its way, but not everyone who must have it has taken it so far");
    }

    private string? Problem(PublishBody body) =>
        !TopicName.IsValid(body.Topic) ? $"\"{body.Topic}\" is no topic name"
        : body.Topic == "$SYS" || body.Topic.StartsWith("$SYS/", StringComparison.Ordinal) ? "topics under $SYS are the broker's own"
        : body.QoS is < 0 or > 2 ? "qos must be 0, 1 or 2"
        : body is { Payload: not null, PayloadBase64: not null } ? "there is both a payload and a payloadBase64"
        : Inspection.TopicProblem(body.Topic);

    private Results<Ok<Message>, NotFound<Message>> Drain([Description("Its address, with or without akka.tcp://; left out: the node that is asked.")] string? node = null) =>
        Cluster.Leave(node ?? Cluster.Members.SelfNode) is { } address ? TypedResults.Ok(new Message($"Leaving {address}")) : NotFound($"there is no member {node}");

    private async Task<Results<Ok<LimitChange>, BadRequest<Message>>> SetLimitAsync(LimitBody body, CancellationToken cancellation)
    {
        if (body.Name is null || body.Value is null)
        {
            return TypedResults.BadRequest(new Message("name and value are needed"));
        }

        var change = await Inspection.SetLimitAsync(body.Name, body.Value, body.AllNodes, cancellation);
        return change.Changed.Count == 0 && change.Refused.Count > 0
            ? TypedResults.BadRequest(new Message(change.Refused.Values.First()))
            : TypedResults.Ok(change);
    }

    private Results<Ok<LogLevelsBody>, BadRequest<Message>> SetLogLevel(LogLevelBody body) =>
        sources.LogLevels.TrySet(body.Level, body.Category)
            ? TypedResults.Ok(sources.LogLevels.Describe())
            : TypedResults.BadRequest(new Message("level must be one of trace, debug, info, warning, error, critical, none"));
}
