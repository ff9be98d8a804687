using System.Diagnostics.CodeAnalysis;
using Broker.Actors.Sessions;

namespace Broker.Actors.Clustering.Links;

/// <summary>
/// The sending end of a link: loads wait in order, go out joined while there is credit, and are kept until the other node has taken them. Single-threaded.
/// </summary>
internal sealed class LinkSender(RemoteNode node)
{
    private readonly Queue<LinkLoad> _waiting = [];
    private readonly SendWindow<LinkEnvelope> _window = new(int.MaxValue, LinkLimits.Credit);
    private int _waitingBytes;
    private long _progress;
    private long _progressSeen;
    private int _stalled;
    private int _patience = 1;
    private bool _isProbing;

    /// <summary>All up to here have been acknowledged.</summary>
    public long Acknowledged => _window.Acknowledged;

    /// <summary>Puts a load behind the others.</summary>
    public void Add(LinkLoad load)
    {
        _waiting.Enqueue(load);
        _waitingBytes += load.Content.Length;
    }

    /// <summary>The next envelope to send, where there is something and credit for it.</summary>
    public bool TryNext(out long sequence, [NotNullWhen(true)] out LinkEnvelope? envelope)
    {
        if (_waiting.Count == 0 || !_window.HasRoom || (_window.Count >= LinkLimits.Envelopes && _waitingBytes < LinkLimits.BatchBytes))
        {
            sequence = 0;
            envelope = null;
            return false;
        }

        var loads = new List<LinkLoad>();
        var bytes = 0;
        do
        {
            var load = _waiting.Dequeue();
            loads.Add(load);
            bytes += load.Content.Length;
        }
        while (_waiting.TryPeek(out var next) && bytes + next.Content.Length <= LinkLimits.BatchBytes);

        _waitingBytes -= bytes;
        envelope = new LinkEnvelope(loads, bytes);
        sequence = _window.Add(envelope, bytes);
        return true;
    }

    /// <summary>The other node has taken all up to here, but for the picks it names; they are added to <paramref name="refused"/>.</summary>
    public void Acknowledge(long sequence, IReadOnlyList<RefusedPick> refusals, List<SharedPick> refused)
    {
        while (_window.TryAcknowledge(sequence, out var envelope))
        {
            _progress++;
            Complete(envelope, _window.Acknowledged, refusals, refused);
        }
    }

    /// <summary>What is to be sent again because the other node lacks it.</summary>
    public IEnumerable<(long Sequence, LinkEnvelope Envelope)> Unacknowledged() => _window.Unacknowledged();

    /// <summary>
    /// From time to time: whether the other node has answered nothing for long. Then the first unacknowledged envelope is sent again, at intervals that grow:
    /// a frozen node must not find them all a hundred times.
    /// </summary>
    public bool ShouldProbe()
    {
        if (_window.IsEmpty || _progress != _progressSeen)
        {
            _progressSeen = _progress;
            _stalled = 0;
            _patience = 2;
            return false;
        }

        if (++_stalled < _patience)
        {
            return false;
        }

        _stalled = 0;
        _patience = Math.Min(_patience * 2, 20);
        return _isProbing = true;
    }

    /// <summary>The answer to a probe has come: what is still unacknowledged may be lost as well.</summary>
    public bool TakeProbed()
    {
        var wasProbing = _isProbing;
        _isProbing = false;
        return wasProbing && !_window.IsEmpty;
    }

    /// <summary>The node was removed: nobody there takes anything; picks go to other members.</summary>
    public void Abandon(List<SharedPick> refused)
    {
        while (_window.TryAcknowledge(long.MaxValue, out var envelope))
        {
            foreach (var load in envelope.Loads)
            {
                Abandon(load, refused);
            }
        }

        while (_waiting.TryDequeue(out var load))
        {
            Abandon(load, refused);
        }

        _waitingBytes = 0;
    }

    // Its room is free before anyone is told: who has its answer finds what it sent no longer counted.
    private void Abandon(LinkLoad load, List<SharedPick> refused)
    {
        node.Taken(load.Content.Length, publications: 0);
        foreach (var pending in load.Pending)
        {
            pending.Complete(DeliveryOutcome.NoSession);
        }

        refused.AddRange(load.Picks);
    }

    private void Complete(LinkEnvelope envelope, long sequence, IReadOnlyList<RefusedPick> refusals, List<SharedPick> refused)
    {
        var index = 0;
        foreach (var load in envelope.Loads)
        {
            node.Taken(load.Content.Length, load.Count);
            foreach (var pending in load.Pending)
            {
                pending.Complete(DeliveryOutcome.Accepted);
            }

            foreach (var pick in load.Picks)
            {
                if (refusals.Count > 0 && refusals.Contains(new RefusedPick(sequence, index)))
                {
                    refused.Add(pick);
                }
                else
                {
                    pick.Pending.Complete(DeliveryOutcome.Accepted);
                }

                index++;
            }
        }
    }
}

/// <summary>Loads that go together.</summary>
internal sealed record LinkEnvelope(IReadOnlyList<LinkLoad> Loads, int Bytes);

/// <summary>A pick that the other node could not deliver.</summary>
/// <param name="Sequence">Of the envelope.</param>
/// <param name="Index">Among the picks in it.</param>
internal readonly record struct RefusedPick(long Sequence, int Index);
