using System.Collections.Concurrent;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Bad clients of every kind at once. Each comes again when it has been thrown out or has had enough.</summary>
internal sealed class HostileCrowd
{
    private readonly HostileScene _scene;
    private readonly int _size;
    private readonly ConcurrentDictionary<string, int> _tried = new();
    private int _number;

    public HostileCrowd(BrokerEndpoint broker, string feed, int size, TimeSpan stay)
    {
        _scene = new HostileScene(broker, feed, () => RealTime.PassesAsync(stay));
        _size = size;
    }

    /// <summary>Where those are subscribed that never read.</summary>
    public string Feed => _scene.Feed;

    /// <summary>What the broker did otherwise than it should, by kind.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>Connections that were made, by kind.</summary>
    public IReadOnlyDictionary<string, int> Tried => _tried;

    /// <summary>Attacks until the end, then waits until the last of them is gone.</summary>
    /// <param name="arrival">Until all of them are there.</param>
    /// <param name="end">From then on nobody comes again.</param>
    public async Task AttackAsync(TimeSpan arrival, CancellationToken end)
    {
        var attackers = new List<Task>(_size);
        using var pace = new PeriodicTimer(arrival / _size);
        while (attackers.Count < _size && !end.IsCancellationRequested)
        {
            var kind = Misbehaviours.All[attackers.Count % Misbehaviours.All.Count];
            attackers.Add(Task.Run(() => ComeAgainAsync(kind, end), CancellationToken.None));
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll(attackers);
    }

    private async Task ComeAgainAsync(Misbehaviour kind, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            _tried.AddOrUpdate(kind.Name, 1, static (_, count) => count + 1);
            try
            {
                if (await kind.Act(_scene, Interlocked.Increment(ref _number)) is { } problem)
                {
                    Problems.Enqueue($"{kind}: {problem}");
                }
            }
            catch (Exception failure)
            {
                Problems.Enqueue($"{kind}: {failure.Message}");
            }

            // Those who are thrown out at once do not come back at once: there would be nothing but them.
            await _scene.Stay();
        }
    }
}
