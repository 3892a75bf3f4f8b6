import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.talent, settings: TalentSettings.init, migrations: .module) { kit, settings in
            let storage: any FileStorage =
                switch settings.storage {
                case .folder(let folder): try DiskStorage(folder: folder)
                case .bucket(let bucket): S3Storage(bucket, http: kit.http)
                }
            let features = Features(kit, settings, storage: storage)
            features.files.keepRemoving()
            features.repositories.keepPruned(by: kit.scheduler, on: kit.clock)
            ProfileRoutes(workflow: features.profiles).register(on: kit.routes)
            features.news.register(on: kit.events)
            ResumeRoutes(workflow: features.resumes).register(on: kit.routes)
            VouchRoutes(workflow: features.vouches).register(on: kit.routes)
            RepositoryRoutes(workflow: features.repositories).register(on: kit.routes)
        }
    }
}
