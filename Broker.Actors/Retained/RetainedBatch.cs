using Akka.Actor;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;

namespace Broker.Actors.Retained;

/// <summary>A batch at its owner: answered when all of its writes have an outcome. Of the owner's thread.</summary>
internal sealed class RetainedBatch(RetainedProtocol.Batch batch, IActorRef owner)
{
    private readonly DeliveryOutcome[] _outcomes = new DeliveryOutcome[batch.Writes.Count];
    private int _outstanding = batch.Writes.Count;

    public int Origin => batch.Origin;

    public long Number => batch.Number;

    public RetainedProtocol.Write this[int index] => batch.Writes[index];

    public void Complete(int index, DeliveryOutcome outcome)
    {
        _outcomes[index] = outcome;
        _outstanding--;
        AnswerIfComplete();
    }

    /// <summary>Its node asks again: the answer was lost.</summary>
    public void AnswerIfComplete()
    {
        if (_outstanding == 0)
        {
            batch.ReplyTo.Tell(new RetainedProtocol.Answered(batch.Partition, batch.Number, _outcomes), owner);
        }
    }
}

/// <summary>One write of a batch, and the version that its owner gave it.</summary>
internal sealed record RetainedWrite(RetainedBatch Batch, int Index, long Version, RetainedRoom Room)
{
    public long Number => Batch[Index].Number;

    public Publication Publication => Batch[Index].Publication;
}
