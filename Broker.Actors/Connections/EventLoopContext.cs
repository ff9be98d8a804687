using System.Collections.Concurrent;
using System.Diagnostics;
using Broker.Actors.Clustering.Links;
using Broker.Actors.Metrics;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using DotNetty.Common.Concurrency;

namespace Broker.Actors.Connections;

/// <summary>
/// What belongs to one event loop: the connections on it, and what its current round of reads has gathered. A round
/// ends with one task behind all reads that were waiting, which hands over the batches for other loops and flushes each
/// touched connection once; system calls and thread switches are paid for a round, not for a message.
/// </summary>
internal sealed class EventLoopContext : IRunnable
{
    private readonly EventLoops _loops;
    private readonly List<ClientConnection> _touched = [];
    private readonly List<SessionDelivery> _durable = [];
    private readonly List<LinkOutput> _linksUsed = [];
    private readonly DeliveryBatch?[] _outgoing;
    private readonly DeliveryBatch?[] _spare;
    private readonly ConcurrentQueue<(ClientConnection Connection, object Command)> _mailbox = new();
    private readonly MailboxRun _mailboxRun;
    private readonly List<uint> _measured = [];
    private LinkOutput?[] _links = [];
    private Publication? _lendable;
    private bool _measuresNext = true;
    private long _measuredAt;
    private bool _roundScheduled;
    private int _mailboxScheduled;

    public EventLoopContext(EventLoops loops, IEventExecutor executor, int index, int loopCount)
    {
        _loops = loops;
        Executor = executor;
        Index = index;
        Backlog = new LoopBacklog(loops.ReleaseForLoops);
        Connections = new LoopConnections(this);
        _outgoing = new DeliveryBatch?[loopCount];
        _spare = new DeliveryBatch?[loopCount];
        _mailboxRun = new MailboxRun(this);
    }

    public IEventExecutor Executor { get; }

    public int Index { get; }

    public LoopCounters Counters { get; } = new();

    /// <summary>For the router, while it brings one publication on its way.</summary>
    public List<RemoteNode> Targets { get; } = [];

    public LoopBacklog Backlog { get; }

    public LoopConnections Connections { get; }

    /// <summary>Milliseconds since 1970 UTC by the database's clock.</summary>
    public long UtcNow => _loops.Clock.UtcNow;

    /// <summary>Milliseconds of a clock that never jumps.</summary>
    public long Tick => _loops.Tick;

    /// <summary>How long messages take.</summary>
    public PublishTimes Times => _loops.Times;

    /// <summary>When the message that has just been read was read, where it is to be measured; else <see cref="PublishTimes.NotMeasured"/>.</summary>
    /// <param name="properties">What it brings: with a trace it is measured, where anybody wants spans.</param>
    public uint Stamp(PublishProperties? properties)
    {
        if (!_measuresNext)
        {
            return properties is { UserProperties: { Count: > 0 } brought } && MessageSpans.IsOn && MessageSpans.Brought(brought) is not null
                ? Times.Stamp()
                : PublishTimes.NotMeasured;
        }

        (_measuresNext, _measuredAt) = (false, Tick);
        return Times.Stamp();
    }

    /// <summary>The message of a packet at QoS 0 that is not to be retained: an object that is used again after <see cref="TakeBack"/>, unless somebody keeps it.</summary>
    public Publication Lend(PublishPacket packet, string topic, long expiresAt, string clientId)
    {
        // Another one where it is lent already, by whoever caused this read.
        var publication = _lendable ?? Publication.Blank();
        _lendable = null;
        return publication.Lend(packet, topic, expiresAt, clientId, Stamp(packet.Properties));
    }

    /// <summary>The message has been routed.</summary>
    public void TakeBack(Publication publication)
    {
        if (publication.TakeBack())
        {
            _lendable = publication;
        }
    }

    /// <summary>Something was read: the next message may be measured again.</summary>
    /// <param name="now">Of <see cref="Tick"/>.</param>
    public void OnRead(long now) => _measuresNext |= now - _measuredAt >= PublishTimes.SampleEvery;

    /// <summary>A measured message was written to a connection here, which is flushed at the end of the round: that counts once, however many there are.</summary>
    public void Written(uint stamp)
    {
        if (!_measured.Contains(stamp))
        {
            _measured.Add(stamp);
        }
    }

    /// <summary>Appends a delivery: written at once where the connection is on this loop, else gathered.</summary>
    public void Deliver(ClientConnection connection, in Delivery delivery)
    {
        var target = connection.Loop;
        if (target == this)
        {
            connection.Deliver(delivery);
            return;
        }

        ref var batch = ref _outgoing[target.Index];
        batch ??= Interlocked.Exchange(ref _spare[target.Index], null) ?? new DeliveryBatch(this, target);
        batch.Add(connection, delivery);
        ScheduleRound();
    }

    /// <summary>Gathers a delivery that a durable session must commit.</summary>
    public void DeliverDurable(SessionDelivery delivery)
    {
        _durable.Add(delivery);
        ScheduleRound();
    }

    /// <summary>What this round gathers for another node.</summary>
    public LinkOutput LinkTo(RemoteNode node)
    {
        if (node.Index >= _links.Length)
        {
            Array.Resize(ref _links, node.Index + 1);
        }

        var output = _links[node.Index] ??= new LinkOutput(node);
        if (!_linksUsed.Contains(output))
        {
            _linksUsed.Add(output);
            ScheduleRound();
        }

        return output;
    }

    /// <summary>The connection has output: it is flushed at the end of the round.</summary>
    public void Touch(ClientConnection connection)
    {
        if (!connection.IsTouched)
        {
            connection.IsTouched = true;
            _touched.Add(connection);
            ScheduleRound();
        }
    }

    /// <summary>The end of a round.</summary>
    public void Run()
    {
        _roundScheduled = false;
        HandOver();
        if (!MayServe)
        {
            // Kept until the node knows that it is a member; what stands still finds out here, before it has written anything.
            return;
        }

        for (var i = 0; i < _touched.Count; i++)
        {
            var connection = _touched[i];
            connection.IsTouched = false;
            try
            {
                connection.Flush();
            }
            catch (Exception fault)
            {
                connection.Fail(fault);
            }
        }

        _touched.Clear();
        if (_measured.Count > 0)
        {
            foreach (var stamp in _measured)
            {
                Times.OnDelivered(stamp);
            }

            _measured.Clear();
        }
    }

    /// <summary>Whether clients may be written to.</summary>
    public bool MayServe => _loops.Guard is not { } guard || guard.MayServe;

    /// <summary>Holds every connection, or lets them go on with what they have gathered.</summary>
    public void HoldAll(bool isHeld)
    {
        Connections.HoldAll(isHeld);
        if (!isHeld && _touched.Count > 0)
        {
            ScheduleRound();
        }
    }

    /// <summary>Calls <see cref="ClientConnection.Handle"/> on this loop, together with whatever else waits. Any thread.</summary>
    public void Post(ClientConnection connection, object command)
    {
        _mailbox.Enqueue((connection, command));
        if (Interlocked.Exchange(ref _mailboxScheduled, 1) == 0)
        {
            Executor.Execute(_mailboxRun);
        }
    }

    /// <summary>A batch that the other loop is done with. Any thread.</summary>
    public void Recycle(DeliveryBatch batch, EventLoopContext target) => Volatile.Write(ref _spare[target.Index], batch);

    private void ScheduleRound()
    {
        Debug.Assert(Executor.InEventLoop, "A round belongs to its event loop.");
        if (!_roundScheduled)
        {
            _roundScheduled = true;
            Executor.Execute(this);
        }
    }

    private void HandOver()
    {
        for (var i = 0; i < _outgoing.Length; i++)
        {
            if (_outgoing[i] is { } batch)
            {
                _outgoing[i] = null;
                batch.Send();
            }
        }

        foreach (var output in _linksUsed)
        {
            output.HandOver();
        }

        _linksUsed.Clear();
        if (_durable.Count > 0)
        {
            _loops.SendDurable([.. _durable]);
            _durable.Clear();
        }
    }

    private void RunMailbox()
    {
        // The flag goes down first: what is posted from here on either is seen below or schedules a run of its own.
        Interlocked.Exchange(ref _mailboxScheduled, 0);
        while (_mailbox.TryDequeue(out var item))
        {
            try
            {
                item.Connection.Handle(item.Command);
            }
            catch (Exception fault)
            {
                // One connection's fault is nobody else's; it may not go on behind what it has not done.
                item.Connection.Fail(fault);
            }
        }
    }

    private sealed class MailboxRun(EventLoopContext loop) : IRunnable
    {
        public void Run() => loop.RunMailbox();
    }
}
