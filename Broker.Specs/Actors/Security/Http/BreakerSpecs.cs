using Broker.Actors.Security.Http;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Actors.Security.Http;

public sealed class BreakerSpecs
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void After_failures_in_a_row_nobody_asks_until_one_has_tried()
    {
        var breaker = new Breaker(failures: 2, TimeSpan.FromSeconds(10), _time);
        breaker.Fail();
        breaker.Succeed();
        breaker.Fail();
        breaker.TryEnter().Should().BeTrue("they were not in a row");
        breaker.Fail();
        breaker.TryEnter().Should().BeFalse();

        _time.Advance(TimeSpan.FromSeconds(10));
        breaker.TryEnter().Should().BeTrue();
        breaker.TryEnter().Should().BeFalse("one tries");
        breaker.Fail();
        _time.Advance(TimeSpan.FromSeconds(9));
        breaker.TryEnter().Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        breaker.TryEnter().Should().BeTrue();
        breaker.Succeed();
        breaker.TryEnter().Should().BeTrue();
        breaker.TryEnter().Should().BeTrue();
    }
}
