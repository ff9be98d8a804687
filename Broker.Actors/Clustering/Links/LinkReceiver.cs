using Akka.Actor;
using Akka.Event;
using Broker.Actors.Clustering.Membership;

namespace Broker.Actors.Clustering.Links;

/// <summary>Takes what the links of other nodes bring, each in its order, and acknowledges it once the event loops have it.</summary>
internal sealed class LinkReceiver : ReceiveActor
{
    private readonly ClusterMembers _members;
    private readonly LinkDispatcher _dispatcher;
    private readonly Dictionary<int, LinkInbox> _inboxes;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="members">A node that is removed is heard no more.</param>
    /// <param name="dispatcher">To the connections.</param>
    /// <param name="inboxes">By uid; empty at first, outlives a restart of this actor.</param>
    public LinkReceiver(ClusterMembers members, LinkDispatcher dispatcher, Dictionary<int, LinkInbox> inboxes)
    {
        _members = members;
        _dispatcher = dispatcher;
        _inboxes = inboxes;
        Receive<LinkWire.Batch>(OnBatch);
        Receive<Done>(OnDone);
        Receive<MemberAdded>(_ => { });
        Receive<MemberGone>(gone => Inbox(gone.Node.Uid).Close());
        Receive<MemberSettled>(_ => { });
    }

    /// <inheritdoc/>
    protected override void PreStart() => _members.Subscribe(Self);

    /// <inheritdoc/>
    protected override void PostStop() => _members.Unsubscribe(Self);

    private void OnBatch(LinkWire.Batch batch)
    {
        var inbox = Inbox(batch.From);
        if (batch.To != _members.Self.Uid || inbox.IsClosed)
        {
            return;
        }

        inbox.Confirm(batch.Confirmed);
        switch (inbox.Window.Receive(batch.Sequence))
        {
            case LinkArrival.Next:
                Dispatch(inbox, batch);
                break;
            case LinkArrival.Duplicate:
                Acknowledge(inbox, Sender, resend: false);
                break;
            case LinkArrival.Gap:
                Acknowledge(inbox, Sender, resend: true);
                break;
        }
    }

    private void Dispatch(LinkInbox inbox, LinkWire.Batch batch)
    {
        var (self, link) = (Self, Sender);
        var taking = new LinkTaking(taking => self.Tell(new Done(taking, link), ActorRefs.NoSender), inbox, batch.Sequence);
        try
        {
            _dispatcher.Dispatch(batch.Contents, taking);
        }
        catch (FormatException problem)
        {
            // Sent again it would be no better.
            _log.Error(problem, "Node {0} sent what this version cannot read; the rest of the batch is lost", Sender.Path.Address);
        }
    }

    private void OnDone(Done done)
    {
        var inbox = done.Taking.Inbox;
        if (inbox.Complete(done.Taking.Sequence, done.Taking.Refused))
        {
            Acknowledge(inbox, done.Link, resend: false);
        }
    }

    private void Acknowledge(LinkInbox inbox, IActorRef link, bool resend) =>
        link.Tell(new LinkWire.Taken(_members.Self.Uid, inbox.Uid, inbox.Window.Done, resend, inbox.Refused));

    private LinkInbox Inbox(int uid)
    {
        if (!_inboxes.TryGetValue(uid, out var inbox))
        {
            _inboxes.Add(uid, inbox = new LinkInbox(uid));
        }

        return inbox;
    }

    private sealed record Done(LinkTaking Taking, IActorRef Link);
}
