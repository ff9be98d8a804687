using System.Diagnostics;
using Broker.Actors.Routing;

namespace Broker.Actors.Storage.Sql.Writing;

/// <summary>
/// The messages that this node has stored a moment ago for more than one session, so that the later ones refer to the same row. A message that has left
/// this table is never referred to again, which is what makes it safe to remove once no queue does.
/// </summary>
internal sealed class SharedMessages(KeyRange keys)
{
    private const int Most = 8_192;
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Publication, Entry> _entries = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<Entry> _byAge = new();

    /// <summary>Messages of this node below it are not referred to again.</summary>
    public long Floor => _byAge.TryPeek(out var oldest) ? oldest.Key : keys.Last + 1;

    /// <summary>The message's key; <paramref name="isNew"/>: this group must store it.</summary>
    public long Refer(Publication publication, long build, out bool isNew)
    {
        if (!_entries.TryGetValue(publication, out var entry))
        {
            entry = new Entry(publication, keys.Next(), Stopwatch.GetTimestamp());
            _entries.Add(publication, entry);
            _byAge.Enqueue(entry);
        }

        isNew = !entry.IsCommitted && entry.Build != build;
        entry.Build = build;
        return entry.Key;
    }

    /// <summary>Everything that this build of a group stored is committed; what is old is closed.</summary>
    public void Committed(long build)
    {
        foreach (var entry in _byAge)
        {
            entry.IsCommitted |= entry.Build == build;
        }

        while (_byAge.TryPeek(out var oldest) && (_byAge.Count > Most || Stopwatch.GetElapsedTime(oldest.Since) > Open))
        {
            _byAge.Dequeue();
            _entries.Remove(oldest.Publication);
        }
    }

    private sealed class Entry(Publication publication, long key, long since)
    {
        public Publication Publication { get; } = publication;

        public long Key { get; } = key;

        public long Since { get; } = since;

        public long Build { get; set; }

        public bool IsCommitted { get; set; }
    }
}
