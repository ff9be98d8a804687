using System.CommandLine;
using Broker.Actors.Hosting;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Backup;

namespace Broker.Node.CommandLine.Ctl;

/// <summary>Backup and restore of a node on SQLite: on its machine, with its settings, and not by way of its management API, which a node that is stopped has not.</summary>
internal static partial class CtlCommand
{
    private static void AddBackup(Command ctl)
    {
        Argument<string> file = new("FILE") { Description = "The backup." };
        Option<bool> overwrite = new("--overwrite") { Description = "Replaces the database that is there." };
        var backup = new Command(
            "backup",
            "Writes the node's database to a file, while the node runs or not; on its machine, with its --config and --set. For SQLite: servers have tools of their own.") { file };
        backup.SetAction(parsed => NodeCommand.WithConfiguration(parsed, (_, options) => Task.FromResult(Say(() => Back(options.Broker, parsed.GetValue(file)!)))));
        ctl.Add(backup);
        var restore = new Command("restore", "Puts a backup into the data directory of a node that is stopped; as the user that the node runs as, with its --config and --set.")
        {
            file, overwrite,
        };
        restore.SetAction(parsed => NodeCommand.WithConfiguration(
            parsed, (_, options) => Task.FromResult(Say(() => Restore(options.Broker, parsed.GetValue(file)!, parsed.GetValue(overwrite))))));
        ctl.Add(restore);
    }

    private static string Back(BrokerOptions options, string file)
    {
        DatabaseBackup.Create(options, file, TimeProvider.System);
        return $"{file}: {new FileInfo(file).Length} bytes, of {options.DataDirectory} as it was when the backup began.";
    }

    private static string Restore(BrokerOptions options, string file, bool overwrite)
    {
        var backup = DatabaseBackup.Restore(options, file, overwrite);
        return $"{options.DataDirectory} is as it was at {backup.TakenAt:yyyy-MM-dd HH:mm:ss'Z'}, written by version {backup.Program}. Start the node.";
    }

    private static int Say(Func<string> action)
    {
        try
        {
            Console.WriteLine(action());
            return ExitCode.Clean;
        }
        catch (StorageException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return ExitCode.Failure;
        }
    }
}
