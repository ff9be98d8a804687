using System.Diagnostics;
using Broker.Actors.Routing;

namespace Broker.Specs.Actors.Routing;

public class SubscriptionTreeConcurrencySpecs
{
    private const int Stable = 400;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);
    private static readonly string[] StableFilters = ["t/{0}/x", "t/{0}/#", "t/+/x", "u/{0}", "#"];

    private readonly SubscriptionTree _tree = new();
    private readonly TestSubscriber[] _stable = [.. Enumerable.Range(0, Stable).Select(i => new TestSubscriber($"stable{i}"))];
    private readonly TestSubscriber[] _fleeting = [.. Enumerable.Range(0, 300).Select(i => new TestSubscriber($"fleeting{i}"))];

    /// <summary>Where the writer stands: the version after which the latest removed subscriber of "left/…" was gone.</summary>
    private long _goneSince;

    private volatile bool _done;

    [Fact]
    public async Task Readers_never_miss_what_stays_and_never_see_what_has_gone()
    {
        for (int i = 0; i < Stable; i++)
        {
            _tree.Subscribe(_stable[i], Filters.Of(string.Format(null, StableFilters[i % 5], i)), Filters.QoS0);
        }

        Task<int>[] readers = [.. Enumerable.Range(0, 3).Select(seed => Task.Factory.StartNew(() => Read(seed), TaskCreationOptions.LongRunning))];
        int writes;
        try
        {
            writes = Write();
        }
        finally
        {
            _done = true;
        }

        int[] reads = await Task.WhenAll(readers);

        writes.Should().BeGreaterThan(1_000);
        reads.Should().OnlyContain(count => count > 100);
        _tree.Count.Should().Be(Stable);
        _tree.Match("t/0/x").Recipients.Should().OnlyContain(recipient => _stable.Contains(recipient.Subscriber));
    }

    /// <summary>A filter's last levels are one node until another filter shares some of them.</summary>
    [Fact]
    public async Task Readers_never_miss_a_filter_whose_levels_are_parted_meanwhile()
    {
        const int Count = 20_000;
        for (int i = 0; i < Count; i++)
        {
            _tree.Subscribe(_stable[i % Stable], Filters.Of($"s/{i % 100}/{i}/a/b"), Filters.QoS0);
        }

        int next = 0;
        Task<int> reader = Task.Factory.StartNew(
            () =>
            {
                // Around the writer, where a node is replaced.
                int reads = 0;
                for (int at = 0; at < Count; reads++)
                {
                    at = Volatile.Read(ref next);
                    int i = Math.Min(at + (reads % 3), Count - 1);
                    MatchResult result = _tree.Match($"s/{i % 100}/{i}/a/b");
                    if (!result.Recipients.Any(recipient => ReferenceEquals(recipient.Subscriber, _stable[i % Stable])))
                    {
                        throw new InvalidOperationException($"Filter {i} was missed while the writer was at {at}.");
                    }
                }

                return reads;
            },
            TaskCreationOptions.LongRunning);
        for (; next < Count; Volatile.Write(ref next, next + 1))
        {
            _tree.Subscribe(_fleeting[0], Filters.Of($"s/{next % 100}/{next}/a/c"), Filters.QoS0);
            _tree.Subscribe(_fleeting[1], Filters.Of($"s/{next % 100}/{next}/a"), Filters.QoS0);
            _tree.Unsubscribe(_fleeting[0], Filters.Of($"s/{next % 100}/{next}/a/c")).Should().BeTrue();
        }

        (await reader).Should().BeGreaterThan(1_000);
    }

    /// <summary>Grows and shrinks tables, lists and sets around the stable ones.</summary>
    private int Write()
    {
        var watch = Stopwatch.StartNew();
        var random = new Random(7);
        int writes = 0;
        while (watch.Elapsed < Duration)
        {
            int crowd = random.Next(1, _fleeting.Length);
            for (int i = 0; i < crowd; i++)
            {
                writes++;
                _tree.Subscribe(_fleeting[i], Filters.Of(FleetingFilter(i)), Filters.QoS0);
            }

            _tree.Subscribe(_fleeting[0], Filters.Of("left"), Filters.QoS0);
            _tree.Unsubscribe(_fleeting[0], Filters.Of("left"));
            Volatile.Write(ref _goneSince, _tree.Version);
            for (int i = 0; i < crowd; i++)
            {
                writes++;
                _tree.Unsubscribe(_fleeting[i], Filters.Of(FleetingFilter(i))).Should().BeTrue();
            }
        }

        return writes;
    }

    private static string FleetingFilter(int i) => (i % 6) switch
    {
        0 => $"t/{i + Stable}/x",
        1 => "t/+/x",
        2 => "#",
        3 => $"t/{i}/x/y",
        4 => "+/+/x",
        _ => $"{i}",
    };

    private int Read(int seed)
    {
        var random = new Random(seed);
        int reads = 0;
        while (!_done)
        {
            reads++;
            int i = random.Next(Stable);
            MatchResult result = _tree.Match(i % 5 == 3 ? $"u/{i}" : $"t/{i}/x");
            CheckStable(result, i);
            long goneSince = Volatile.Read(ref _goneSince);
            MatchResult left = _tree.Match("left");
            if (left.Version == goneSince && left.Recipients.Any(recipient => ReferenceEquals(recipient.Subscriber, _fleeting[0])))
            {
                throw new InvalidOperationException("A removed subscription is still found at a version after its removal.");
            }
        }

        return reads;
    }

    private void CheckStable(MatchResult result, int i)
    {
        var found = result.Recipients.Select(recipient => recipient.Subscriber).ToHashSet();
        if (found.Count != result.Recipients.Length)
        {
            throw new InvalidOperationException("A subscriber comes twice.");
        }

        for (int other = 0; other < Stable; other++)
        {
            bool expected = (other % 5) switch
            {
                4 => true,
                2 => i % 5 != 3,
                _ => other == i,
            };
            if (expected != found.Contains(_stable[other]))
            {
                throw new InvalidOperationException($"{_stable[other]} for {i}: expected {expected}.");
            }
        }
    }
}
