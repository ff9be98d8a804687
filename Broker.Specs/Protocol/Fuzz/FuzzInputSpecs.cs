namespace Broker.Specs.Protocol.Fuzz;

public class FuzzInputSpecs
{
    [Theory]
    [InlineData("", "Fresh ")]
    [InlineData("00", "Fresh ")]
    [InlineData("03C000", "Client5 C000")]
    [InlineData("0850524F5859", "ProxyHeader 50524F5859")]
    public void It_is_bytes_and_a_line(string bytes, string line)
    {
        var input = FuzzInput.FromFuzzer(Convert.FromHexString(bytes));

        input.ToString().Should().Be(line);
        FuzzInput.Parse(line).Should().BeEquivalentTo(input);
        FuzzInput.FromFuzzer(input.ToFuzzer()).Should().BeEquivalentTo(input);
    }

    [Fact]
    public void Whatever_the_first_byte_is_it_names_a_target()
    {
        for (var first = 0; first <= byte.MaxValue; first++)
        {
            FuzzInput.FromFuzzer([(byte)first]).Target.Should().BeDefined();
        }
    }

    [Theory]
    [InlineData("Client5")]
    [InlineData("Client6 C000")]
    [InlineData("3 C000")]
    [InlineData("Client5 C0 00")]
    [InlineData("Client5 C0000")]
    public void A_line_that_is_none_is_an_error(string line)
    {
        var parse = () => FuzzInput.Parse(line);

        parse.Should().Throw<FormatException>();
    }
}
