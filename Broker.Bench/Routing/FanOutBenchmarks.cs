using BenchmarkDotNet.Attributes;
using Broker.Actors.Routing;
using Broker.Protocol.Topics;

namespace Broker.Bench.Routing;

/// <summary>One filter with very many subscribers: matching it alone, with another filter's crowd to merge, and writing to it.</summary>
[MemoryDiagnoser]
public class FanOutBenchmarks
{
    private readonly SubscriptionTree _tree = new();
    private readonly OnlineSubscriber _oneMore = new();
    private readonly TopicFilter _filter = FilterMix.Parse("news/all");
    private SharedGroup _group = null!;

    [Params(1_000, 100_000)]
    public int Subscribers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        OnlineSubscriber[] subscribers = [.. Enumerable.Range(0, Subscribers).Select(_ => new OnlineSubscriber())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (OnlineSubscriber subscriber in subscribers)
        {
            _tree.Subscribe(subscriber, _filter, FilterMix.Options);
        }

        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"// one filter, {Subscribers:N0} subscribers: {(double)bytes / Subscribers:F1} bytes each");
        for (int i = 0; i < subscribers.Length; i++)
        {
            _tree.Subscribe(subscribers[i], FilterMix.Parse("both/all"), FilterMix.Options);
            _tree.Subscribe(subscribers[i], FilterMix.Parse(i % 2 == 0 ? "both/+" : "both/#"), FilterMix.Options);
            _tree.Subscribe(subscribers[i], FilterMix.Parse("$share/workers/jobs"), FilterMix.Options);
        }

        _group = _tree.Match("jobs").Groups[0];
    }

    [Benchmark]
    public object Match() => _tree.Match("news/all");

    [Benchmark]
    public object MatchAndMerge() => _tree.Match("both/all");

    [Benchmark]
    public bool SubscribeAndUnsubscribe()
    {
        _tree.Subscribe(_oneMore, _filter, FilterMix.Options);
        return _tree.Unsubscribe(_oneMore, _filter);
    }

    [Benchmark]
    public bool PickSharedMember() => _group.TryPick(out _);
}
