using BenchmarkDotNet.Attributes;
using Broker.Actors.Routing;

namespace Broker.Bench.Routing;

/// <summary>
/// Matching topics of five levels against many subscriptions. Prints, before it measures, what the tree takes for each
/// subscription beside the filters' own strings.
/// </summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private const int TopicCount = 16_384;

    private readonly SubscriptionTree _tree = new();
    private string[] _filters = [];
    private string[] _topics = [];
    private string[] _unknown = [];
    private int _next;

    [Params(100_000, 1_000_000)]
    public int Subscriptions { get; set; }

    [Params(FilterShape.Exact, FilterShape.Wildcard, FilterShape.Mixed)]
    public FilterShape Shape { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _filters = FilterMix.Filters(Shape, Subscriptions);
        _topics = Shape == FilterShape.Mixed ? FilterMix.Topics(1_000, TopicCount) : FilterMix.Topics(Subscriptions, TopicCount);
        _unknown = [.. _topics.Select(topic => topic.Replace("temperature", "nobody/wants/this", StringComparison.Ordinal))];
        Subscriber[] subscribers = [.. Enumerable.Range(0, Subscriptions).Select(_ => new OnlineSubscriber())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        FilterMix.Fill(_tree, _filters, subscribers);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"// {Shape}, {Subscriptions:N0} subscriptions: {(double)bytes / Subscriptions:F1} bytes each");
        GC.KeepAlive(subscribers);
    }

    [Benchmark]
    public object Match() => _tree.Match(_topics[++_next % TopicCount]);

    [Benchmark]
    public object MatchUnknown() => _tree.Match(_unknown[++_next % TopicCount]);
}
