using System.Diagnostics;
using Broker.Actors.Retained;
using Broker.Protocol.Topics;
using CsCheck;

namespace Broker.Specs.Actors.Retained;

public class RetainedTreeSpecs
{
    private static readonly Gen<string> Level = Gen.Int[0, 4].Select(i => new[] { "a", "b", "c", "", "$d" }[i]);

    private static readonly Gen<string> Topic = Level.Array[1, 4].Select(levels => string.Join('/', levels)).Where(topic => topic.Length > 0);

    private static readonly Gen<string> Filter = Gen
        .Select(Gen.OneOf(Level, Gen.Const("+")).Array[0, 4], Gen.Bool)
        .Select((levels, open) => string.Join('/', open ? [.. levels, "#"] : levels))
        .Where(filter => filter.Length > 0);

    private readonly RetainedTree<string> _tree = new();

    [Fact]
    public void It_agrees_with_a_naive_model() =>
        Gen.Select(Gen.Select(Topic, Gen.Bool).Array[0, 60], Filter.Array[6]).Sample((writes, filters) =>
        {
            var tree = new RetainedTree<string>();
            var model = new Dictionary<string, string>();
            foreach ((string topic, bool remove) in writes)
            {
                string? before = model.GetValueOrDefault(topic);
                if (remove)
                {
                    model.Remove(topic);
                    tree.Remove(topic).Should().BeSameAs(before);
                }
                else
                {
                    model[topic] = new string(topic);
                    tree.Set(topic, model[topic]).Should().BeSameAs(before);
                }

                tree.Get(topic).Should().BeSameAs(model.GetValueOrDefault(topic));
            }

            tree.Count.Should().Be(model.Count);
            foreach (string filter in filters)
            {
                Collect(tree, filter).Should().BeEquivalentTo(model.Keys.Where(topic => TopicFilter.Matches(filter, topic)), filter);
            }

            foreach (string topic in model.Keys)
            {
                tree.Remove(topic);
            }

            tree.IsPruned.Should().BeTrue();
        });

    [Fact]
    public void A_hundred_thousand_topics_are_collected_quickly()
    {
        for (int i = 0; i < 100_000; i++)
        {
            _tree.Set($"a/{i}/{(i % 10 == 0 ? "c" : "d")}", $"{i}");
        }

        var watch = Stopwatch.StartNew();
        Collect(_tree, "#").Should().HaveCount(100_000);
        Collect(_tree, "a/+/c").Should().HaveCount(10_000);
        Collect(_tree, "+/77/#").Should().ContainSingle();

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_topic_of_very_many_levels_does_not_overflow_the_stack()
    {
        string topic = string.Concat(Enumerable.Repeat("a/", 30_000)) + "a";
        _tree.Set(topic, "deep");

        Collect(_tree, "a/#").Should().Equal("deep");
        _tree.Remove(topic).Should().Be("deep");
        _tree.IsPruned.Should().BeTrue();
    }

    [Fact]
    public async Task A_reader_always_finds_what_stays()
    {
        for (int i = 0; i < 100; i++)
        {
            _tree.Set($"s/{i}/x", $"stays{i}");
        }

        using var done = new CancellationTokenSource();
        Task<int> reader = Task.Factory.StartNew(() => CountUntil(done.Token), TaskCreationOptions.LongRunning);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(0.7))
        {
            for (int i = 0; i < 500; i++)
            {
                _tree.Set($"s/{i + 100}/{(i % 2 == 0 ? "x" : "y")}", "goes");
                _tree.Set($"s/{i}/x/z", "goes");
            }

            for (int i = 0; i < 500; i++)
            {
                _tree.Remove($"s/{i + 100}/{(i % 2 == 0 ? "x" : "y")}");
                _tree.Remove($"s/{i}/x/z");
            }
        }

        await done.CancelAsync();
        (await reader).Should().BeGreaterThan(100);
        _tree.Count.Should().Be(100);
    }

    private int CountUntil(CancellationToken done)
    {
        string[] filters = ["#", "s/+/x", "+/+/x"];
        int reads = 0;
        while (!done.IsCancellationRequested)
        {
            var stayed = Collect(_tree, filters[reads++ % 3]).Where(value => value.StartsWith("stays", StringComparison.Ordinal)).ToHashSet();
            if (stayed.Count != 100)
            {
                throw new InvalidOperationException($"Found {stayed.Count} of 100.");
            }
        }

        return reads;
    }

    private static List<string> Collect(RetainedTree<string> tree, string filter)
    {
        var found = new List<string>();
        tree.Collect(filter, found);
        return found;
    }
}
