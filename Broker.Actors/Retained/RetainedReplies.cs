using Akka.Actor;

namespace Broker.Actors.Retained;

/// <summary>Brings the answers of <see cref="RetainedActor"/>s, on whatever node they are, to this node's gateway.</summary>
internal sealed class RetainedReplies : ReceiveActor
{
    public RetainedReplies(RetainedGateway gateway) =>
        Receive<RetainedActor.Applied>(applied => gateway.Complete(applied.Number, applied.Outcome));
}
