using Broker.Protocol.Transport.Epoll;

namespace Broker.Specs.Protocol.Transport.Epoll;

public sealed class EpollSourcesSpecs
{
    private readonly EpollSources _sources = new();

    [Fact]
    public void An_event_for_a_closed_connection_does_not_reach_the_next_one_with_its_number()
    {
        var first = new Source();
        var second = new Source();

        ulong stale = _sources.Add(7, first);
        _sources.Remove(7);
        _sources.Find(stale).Should().BeNull();
        ulong token = _sources.Add(7, second);

        _sources.Find(stale).Should().BeNull();
        _sources.Find(token).Should().BeSameAs(second);
    }

    [Fact]
    public void Any_number_of_descriptors_is_held()
    {
        var sources = Enumerable.Range(0, 2_000).Select(_ => new Source()).ToArray();
        ulong[] tokens = [.. sources.Select((source, i) => _sources.Add((i * 7) + 3, source))];

        tokens.Select(_sources.Find).Should().Equal(sources);
        _sources.Snapshot().Should().Equal(sources);
    }

    private sealed class Source : IEpollSource
    {
        public void OnReady(Readiness ready)
        {
        }

        public void Close()
        {
        }
    }
}
