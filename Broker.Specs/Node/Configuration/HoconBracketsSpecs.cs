using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class HoconBracketsSpecs
{
    [Theory]
    [InlineData("a { b = [1, 2] }")]
    [InlineData("a = \"}\" # ]")]
    [InlineData("a = \"\"\"{ \" [\"\"\"")]
    [InlineData("a = \"\\\"{\" // {")]
    [InlineData("")]
    public void Matching_brackets_are_fine(string hocon) => HoconBrackets.FirstProblem(hocon).Should().BeNull();

    [Theory]
    [InlineData("a {\n b {\n }\n", "line 1: '{' is never closed.")]
    [InlineData("a { }\n}\nb = 1", "line 2: '}' closes nothing")]
    [InlineData("a = [1, 2\n}", "line 2: '}' closes nothing")]
    [InlineData("# {\na = \"\"\"\n\"\"\"\nb = \"x", "line 4: a text in quotes does not end")]
    public void Others_are_told_with_their_line(string hocon, string problem) => HoconBrackets.FirstProblem(hocon).Should().StartWith(problem);
}
