using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class SetOptionSpecs
{
    [Theory]
    [InlineData("a.b=5", "5")]
    [InlineData("a.b= 5 ", "5")]
    [InlineData("a.b=Host=db;Password=a#b//c", "Host=db;Password=a#b//c")]
    [InlineData("a.b=C:\\data \"x\"", "C:\\data \"x\"")]
    [InlineData("a.b=\"quoted = text\"", "quoted = text")]
    [InlineData("a.b=", "")]
    public void The_right_side_is_taken_as_it_is(string argument, string value) =>
        SetOption.Parse(argument).Config.GetString("a.b").Should().Be(value);

    [Fact]
    public void Lists_and_blocks_are_hocon()
    {
        SetOption.Parse("""a=["x", "y=z"]""").Config.GetStringList("a").Should().Equal("x", "y=z");
        SetOption.Parse("a={b=1, c {d=2}}").Config.GetInt("a.c.d").Should().Be(2);
    }

    [Fact]
    public void A_part_of_a_key_may_be_quoted()
    {
        var layer = SetOption.Parse("""mqtt.logging.levels."Broker.Actors"=debug""");

        HoconLeaves.Of(layer.Config).Should().ContainSingle().Which.Path.Should().Equal("mqtt", "logging", "levels", "Broker.Actors");
    }

    [Theory]
    [InlineData("mqtt.limits", "there is no '='")]
    [InlineData("=5", "'' is not a key")]
    [InlineData("mqtt..limits=5", "'mqtt..limits' is not a key")]
    [InlineData("mqtt limits=5", "'mqtt limits' is not a key")]
    [InlineData("{a=5}", "'{a' is not a key")]
    [InlineData("a=[1", "never closed")]
    public void Anything_else_is_refused_with_what_to_write(string argument, string problem)
    {
        var parse = () => SetOption.Parse(argument);

        parse.Should().Throw<InvalidConfigurationException>().WithMessage($"--set *{problem}*");
    }
}
