using Broker.Protocol.Transport.Limits;
using CsCheck;

namespace Broker.Specs.Protocol.Transport.Limits;

public sealed class TokenBucketSpecs
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void It_is_full_at_first_and_never_fuller()
    {
        var bucket = new TokenBucket(10, Second, now: 5_000);

        bucket.Take(9, 60_000);
        bucket.WaitForOne(60_000).Should().Be(0);
        bucket.Take(1, 60_000);
        bucket.WaitForOne(60_000).Should().Be(100);
        bucket.WaitForOne(60_099).Should().Be(1);
        bucket.WaitForOne(60_100).Should().Be(0);
    }

    [Fact]
    public void The_highest_rate_for_the_longest_time_is_no_overflow()
    {
        var bucket = new TokenBucket(1L << 40, TimeSpan.FromHours(1), 0);

        bucket.Take(long.MaxValue / 4_000, long.MaxValue / 2);
        bucket.WaitForOne(long.MaxValue).Should().Be(0);
    }

    [Fact]
    public void What_was_taken_beyond_is_paid_first()
    {
        var bucket = new TokenBucket(1_000, Second, 0);

        bucket.Take(11_000, 0);

        bucket.WaitForOne(0).Should().Be(10_001);
        bucket.WaitForOne(10_001).Should().Be(0);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(20, 10)]
    public void There_is_room_for_one_however_short_the_burst(int perSecond, int burst)
    {
        var bucket = new TokenBucket(perSecond, TimeSpan.FromMilliseconds(burst), 0);

        bucket.WaitForOne(0).Should().Be(0);
        bucket.Take(1, 0);
        bucket.WaitForOne(0).Should().Be(1_000 / perSecond);
    }

    [Fact]
    public void In_the_long_run_it_is_the_rate_whatever_the_pieces() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[10, 5_000], Gen.Int[1, 50_000].Array[1, 50]).Sample((perSecond, burst, pieces) =>
        {
            var bucket = new TokenBucket(perSecond, TimeSpan.FromMilliseconds(burst), 0);
            long now = 0;
            foreach (int piece in pieces)
            {
                now += bucket.WaitForOne(now);
                bucket.WaitForOne(now).Should().Be(0, "what it said to wait is enough");
                bucket.Take(piece, now);
            }

            // The last piece may be taken as soon as there is one token.
            double most = Math.Max(1, perSecond * burst / 1_000.0) + (perSecond * now / 1_000.0);
            pieces[..^1].Sum().Should().BeLessThanOrEqualTo((int)Math.Ceiling(most));
        });
}
