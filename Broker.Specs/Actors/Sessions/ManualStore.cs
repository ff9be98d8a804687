using Broker.Actors.Storage;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A store whose writes complete at once, or (<see cref="IsManual"/>) when and how the spec says.</summary>
internal sealed class ManualStore : ISessionStore
{
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly Lock _gate = new();

    public bool IsManual { get; set; }

    /// <summary>Everything that was written, in order.</summary>
    public List<SessionWrite> Writes { get; } = [];

    public int Waiting => _waiting.Count;

    public Task WriteAsync(SessionWrite write)
    {
        // The entity runs on whatever thread tells it, the one that completes a write included.
        lock (_gate)
        {
            Writes.Add(write);
            if (!IsManual)
            {
                return Task.CompletedTask;
            }

            var source = new TaskCompletionSource();
            _waiting.Add(source);
            return source.Task;
        }
    }

    /// <summary>Completes the oldest.</summary>
    public void Complete(int count = int.MaxValue)
    {
        foreach (var source in Take(0, count))
        {
            source.SetResult();
        }
    }

    /// <summary>Completes one out of order.</summary>
    public void CompleteAt(int index) => Take(index, 1).Single().SetResult();

    public void Fail() => Take(0, 1).Single().SetException(new IOException("disk full"));

    private List<TaskCompletionSource> Take(int index, int count)
    {
        lock (_gate)
        {
            var taken = _waiting.GetRange(index, Math.Min(count, _waiting.Count - index));
            _waiting.RemoveRange(index, taken.Count);
            return taken;
        }
    }
}
