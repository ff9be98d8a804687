using System.IO.Compression;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Node.CommandLine;
using TemporaryFolder = Broker.Specs.EndToEnd.Harness.TemporaryFolder;

namespace Broker.Specs.Durable.Backup;

/// <summary><c>Broker.Node ctl backup</c> and <c>ctl restore</c>.</summary>
public sealed class SqliteBackupSpecs : BackupSpecs, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Backup => _folder.File("mqtt.backup");

    private string Target => _folder.File("restored");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restore_replaces_nothing_unasked_and_nothing_of_a_node_that_runs()
    {
        await using var broker = await BrokerProcess.StartAsync();
        var data = Path.GetDirectoryName(broker.DataFile("broker.db"))!;
        await BackupAsync(broker);

        (await RunAsync(1, "backup", Backup, data)).Should().Contain("exists already");
        (await RunAsync(1, "restore", Backup, data, "--overwrite")).Should().Contain("Stop the node first");
        (await broker.StopAsync()).Should().Be(0);
        (await RunAsync(1, "restore", Backup, data)).Should().Contain("is there already. --overwrite replaces it");
        (await RunAsync(0, "restore", Backup, data, "--overwrite")).Should().Contain("Start the node.");
        Directory.GetFileSystemEntries(data).Select(Path.GetFileName).Should().BeEquivalentTo("broker.db", "journal.db", "broker.lock");
        await using var again = await broker.StartAgainAsync();
    }

    [Fact]
    public async Task What_is_no_whole_backup_is_refused_and_changes_nothing()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await BackupAsync(broker);
        var bytes = await File.ReadAllBytesAsync(Backup);
        bytes.AsSpan(bytes.Length / 2, 64).Fill(0x5A);
        await File.WriteAllBytesAsync(_folder.File("damaged"), bytes);
        await File.WriteAllTextAsync(_folder.File("text"), "nothing of the kind");
        WriteManifest("says nothing", "null");
        WriteManifest("names nothing", """{ "form": 1, "program": "0.1.0", "schema": 5 }""");
        WriteManifest("newer", """{ "form": 99 }""");

        foreach (var file in (string[])["damaged", "text", "says nothing", "names nothing", "newer"])
        {
            (await RunAsync(1, "restore", _folder.File(file), Target)).Should().Contain($"{_folder.File(file)} cannot be restored to {Target}");
            Directory.GetFileSystemEntries(Target).Select(Path.GetFileName).Should().Equal("broker.lock");
        }

        (await RunAsync(1, "backup", _folder.File("another"), _folder.File("nowhere"))).Should().Contain("there is nothing to back up");
    }

    [Fact]
    public async Task A_restore_that_fails_on_the_way_leaves_what_was_there()
    {
        await using var broker = await BrokerProcess.StartAsync();
        var data = Path.GetDirectoryName(broker.DataFile("broker.db"))!;
        await BackupAsync(broker);
        (await broker.StopAsync()).Should().Be(0);
        var before = await File.ReadAllBytesAsync(broker.DataFile("broker.db"));
        File.Delete(broker.DataFile("journal.db"));
        Directory.CreateDirectory(broker.DataFile("journal.db"));

        (await RunAsync(1, "restore", Backup, data, "--overwrite")).Should().Contain("cannot be restored");

        (await File.ReadAllBytesAsync(broker.DataFile("broker.db"))).Should().Equal(before);
        Directory.GetFileSystemEntries(data).Select(Path.GetFileName).Should().BeEquivalentTo("broker.db", "journal.db", "broker.lock");
    }

    [Fact]
    public async Task What_an_interrupted_restore_has_put_aside_is_not_overwritten()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await BackupAsync(broker);
        Directory.CreateDirectory(Path.Combine(Target, "replaced"));
        await File.WriteAllTextAsync(Path.Combine(Target, "replaced", "broker.db"), "the database from before");

        (await RunAsync(1, "restore", Backup, Target, "--overwrite")).Should().Contain("it holds the database from before");
        File.Exists(Path.Combine(Target, "replaced", "broker.db")).Should().BeTrue();
    }

    [Fact]
    public async Task Of_a_server_it_says_where_to_look()
    {
        await using var program = NodeProgram.Start(
            "ctl", "backup", Backup, "--set", "mqtt.storage.provider=postgresql", "--set", "mqtt.storage.connection-string=Host=nowhere");
        (await program.EndAsync()).Should().Be(1);
        program.Errors.Should().ContainSingle().Which.Should().Contain("pg_dump").And.Contain("docs/operations.md");
    }

    [Fact]
    public async Task Is_for_its_owners_eyes_only()
    {
        await using var broker = await BrokerProcess.StartAsync();
        await BackupAsync(broker);

        new FileInfo(Backup).UnixFileMode.Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFileSystemEntries(_folder.FullName).Should().Equal(Backup);
    }

    private void WriteManifest(string file, string json)
    {
        using var zip = ZipFile.Open(_folder.File(file), ZipArchiveMode.Create);
        using var manifest = new StreamWriter(zip.CreateEntry("backup.json").Open());
        manifest.Write(json);
    }

    protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>([]);

    private protected override Task BackupAsync(BrokerProcess broker) => RunAsync(0, "backup", Backup, Path.GetDirectoryName(broker.DataFile("broker.db"))!);

    protected override async Task<string[]> RestoreAsync()
    {
        await RunAsync(0, "restore", Backup, Target);
        return [$"mqtt.data-directory=\"{Target}\""];
    }

    private static async Task<string> RunAsync(int exitCode, string command, string file, string dataDirectory, params string[] options)
    {
        await using var program = NodeProgram.Start(["ctl", command, file, "--set", $"mqtt.data-directory=\"{dataDirectory}\"", .. options]);
        var code = await program.EndAsync();
        var said = string.Join('\n', [.. program.Output, .. program.Errors]);
        code.Should().Be(exitCode, "it said: {0}", said);
        said.Split('\n').Should().ContainSingle();
        return said;
    }
}
