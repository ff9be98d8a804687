using System.Runtime.CompilerServices;

namespace Broker.Actors.Routing;

/// <summary>
/// Makes one list of what hangs on all filters that match, each subscriber once. One filter's subscribers are distinct:
/// only where several filters contribute is there anything to look for, and the largest of them is only looked up,
/// never indexed.
/// </summary>
internal sealed class RecipientMerger
{
    /// <summary>Up to here a scan is faster than an index.</summary>
    private const int LargestScan = 8;

    private const int LargestKept = 16_384;

    private readonly List<MergedRecipient> _merged = [];

    private Recipient[] _output = [];
    private int _count;

    /// <summary>Positions in the output plus one, by the subscriber's hash; 0: empty.</summary>
    private int[] _index = [];

    private int _mask;

    /// <summary>The recipients of all that was found: <see cref="Recipient"/>s and <see cref="SubscriberSet"/>s, at least one.</summary>
    /// <param name="found">By filter.</param>
    /// <param name="mayRepeat">
    /// Whether a subscriber may come twice within one filter, because it was removed and added again during the scan.
    /// </param>
    public Recipient[] Merge(List<object> found, bool mayRepeat)
    {
        int total = 0;
        int largest = 0;
        for (int i = 0; i < found.Count; i++)
        {
            total += CountOf(found[i]);
            largest = CountOf(found[i]) > CountOf(found[largest]) ? i : largest;
        }

        _output = total == 0 ? [] : new Recipient[total];
        _count = 0;
        _mask = 0;
        for (int i = 0; i < found.Count; i++)
        {
            if (i != largest)
            {
                Add(found[i], addToIndex: true, mayRepeat);
            }
        }

        Add(found[largest], addToIndex: mayRepeat, mayRepeat);
        foreach (MergedRecipient merged in _merged)
        {
            merged.Seal();
        }

        return Take();
    }

    private static int CountOf(object found) => found is SubscriberSet set ? set.Recipients.Count : 1;

    private void Add(object found, bool addToIndex, bool mayRepeat)
    {
        if (found is not SubscriberSet set)
        {
            Add(Unsafe.As<Recipient>(found), _count, _count, addToIndex);
            return;
        }

        // Within one filter nobody comes twice as a rule: only what others contributed is looked through.
        int before = _count;
        foreach (Recipient? recipient in set.Recipients.Slots)
        {
            if (recipient is not null)
            {
                Add(recipient, before, mayRepeat ? _count : before, addToIndex);
            }
        }
    }

    private void Add(Recipient recipient, int before, int searched, bool addToIndex)
    {
        int known = searched == 0 ? -1 : Find(recipient.Subscriber, searched);
        if (known >= before)
        {
            _output[known] = recipient;
            return;
        }

        if (known >= 0)
        {
            MergeInto(ref _output[known], recipient);
            return;
        }

        if (_count == _output.Length)
        {
            Array.Resize(ref _output, Math.Max(4, _count * 2)); // a writer has added since they were counted
        }

        _output[_count++] = recipient;
        if (addToIndex && (_mask != 0 || _count > LargestScan))
        {
            AddToIndex();
        }
    }

    private void MergeInto(ref Recipient known, Recipient recipient)
    {
        if (known is not MergedRecipient merged)
        {
            merged = new MergedRecipient(known);
            _merged.Add(merged);
            known = merged;
        }

        merged.Absorb(recipient);
    }

    private int Find(Subscriber subscriber, int searched)
    {
        if (_mask == 0)
        {
            for (int i = 0; i < searched; i++)
            {
                if (ReferenceEquals(_output[i].Subscriber, subscriber))
                {
                    return i;
                }
            }

            return -1;
        }

        for (int i = Bucket(subscriber); _index[i] != 0; i = (i + 1) & _mask)
        {
            if (ReferenceEquals(_output[_index[i] - 1].Subscriber, subscriber))
            {
                return _index[i] - 1;
            }
        }

        return -1;
    }

    private void AddToIndex()
    {
        if (_mask == 0 || _count * 2 > _mask)
        {
            RebuildIndex();
            return;
        }

        Index(_count - 1);
    }

    private void RebuildIndex()
    {
        int capacity = Math.Max(64, (_mask + 1) * 4);
        if (_index.Length < capacity)
        {
            _index = new int[capacity];
        }
        else
        {
            Array.Clear(_index, 0, capacity);
        }

        _mask = capacity - 1;
        for (int i = 0; i < _count; i++)
        {
            Index(i);
        }
    }

    private void Index(int position)
    {
        int bucket = Bucket(_output[position].Subscriber);
        while (_index[bucket] != 0)
        {
            bucket = (bucket + 1) & _mask;
        }

        _index[bucket] = position + 1;
    }

    private int Bucket(Subscriber subscriber) => (int)((uint)RuntimeHelpers.GetHashCode(subscriber) * 2_654_435_769u >> 7) & _mask;

    private Recipient[] Take()
    {
        Recipient[] result = _output;
        if (_count != result.Length)
        {
            Array.Resize(ref result, _count);
        }

        _output = [];
        _merged.Clear();
        if (_index.Length > LargestKept)
        {
            _index = [];
        }

        return result;
    }
}
