using Broker.Node.Hosting;

namespace Broker.Specs.Node.Hosting;

public sealed class DataDirectorySpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_made_where_it_does_not_exist_and_left_empty()
    {
        var path = Path.Combine(_folder.Path, "a", "b");

        DataDirectory.Prepare(path);
        DataDirectory.Prepare(path);

        Directory.GetFileSystemEntries(path).Should().BeEmpty();
    }

    [Fact]
    public void A_path_that_cannot_be_one_is_told_with_what_to_do()
    {
        var file = _folder.Write("file", "");

        var prepare = () => DataDirectory.Prepare(Path.Combine(file, "data"));

        prepare.Should().Throw<StartException>().WithMessage($"mqtt.data-directory = {file}*: cannot be written to*or set mqtt.data-directory to another one.");
    }
}
