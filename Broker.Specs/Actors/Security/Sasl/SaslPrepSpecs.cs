using System.Text;
using Broker.Actors.Security.Sasl;

namespace Broker.Specs.Actors.Security.Sasl;

public sealed class SaslPrepSpecs
{
    [Theory]
    [InlineData("user", "user", "ASCII stays")]
    [InlineData("USER", "USER", "case stays")]
    [InlineData("pass word", "pass word", "a space stays")]
    [InlineData("I\u00ADX", "IX", "RFC 4013: a soft hyphen is left out")]
    [InlineData("\u00AA", "a", "RFC 4013: NFKC")]
    [InlineData("\u2168", "IX", "RFC 4013: NFKC")]
    [InlineData("a\u00A0b", "a b", "a space that is none becomes one")]
    [InlineData("Ame\u0301lie", "Am\u00E9lie", "letter and mark become one")]
    [InlineData("Am\u00E9lie", "Am\u00E9lie", "one stays one")]
    [InlineData("a\u0315\u0300\u05AE\u0062", "\u00E0\u05AE\u0315b", "marks are put in order")]
    [InlineData("\u1E9B\u0323", "\u1E69", "both at once")]
    [InlineData("\uAC01", "\uAC01", "Hangul stays")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "Hangul is composed")]
    [InlineData("\uFB03\uFF21", "ffiA", "ligatures and wide letters")]
    [InlineData("\u0627\u0628", "\u0627\u0628", "to the left")]
    public void Makes_one_form(string text, string expected, string because)
    {
        SaslPrep.TryPrepare(text, isStored: false, out var prepared, out var problem).Should().BeTrue("{0}: {1}", because, problem);

        prepared.Should().Be(expected, because);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u00AD")]
    [InlineData("a\u0007")]
    [InlineData("a\u0000")]
    [InlineData("a\u2028")]
    [InlineData("\uE000")]
    [InlineData("\u06271")]
    [InlineData("\u0627a\u0628")]
    public void Refuses_what_cannot_be_a_name_or_a_password(string text)
    {
        SaslPrep.TryPrepare(text, isStored: false, out var prepared, out var problem).Should().BeFalse();

        prepared.Should().BeNull();
        problem.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public void Refuses_half_of_a_character() => SaslPrep.TryPrepare("a" + '\uD800', isStored: false, out _, out _).Should().BeFalse();

    [Fact]
    public void Keeps_nothing_whose_form_may_change_one_day()
    {
        SaslPrep.TryPrepare("\U0001F600", isStored: false, out _, out _).Should().BeTrue();

        SaslPrep.TryPrepare("\U0001F600", isStored: true, out _, out var problem).Should().BeFalse();

        problem.Should().Contain("U+1F600");
    }

    [Fact]
    public void Prepares_what_is_prepared_to_itself()
    {
        for (var value = 0xA1; value < 0x3_0000; value++)
        {
            if (Rune.IsValid(value) && SaslPrep.TryPrepare($"e{new Rune(value)}", isStored: true, out var once, out _))
            {
                SaslPrep.TryPrepare(once!, isStored: true, out var twice, out var problem).Should().BeTrue(problem);
                if (twice != once)
                {
                    twice.Should().Be(once, "U+{0:X4}", value);
                }
            }
        }
    }
}
