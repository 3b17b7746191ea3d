"""Names that options choose from, as the parts of `vsd_mot` have them (compared by a test)."""

CORRUPTIONS = (
    'gaussian_noise',
    'shot_noise',
    'defocus',
    'motion_blur',
    'low_light',
    'low_contrast',
    'jpeg',
    'h264',
    'downscaling',
    'rain',
    'fog',
    'frozen_frames',
    'real_esrgan',
    'snow',
    'lens_drops',
    'night_infrared',
    'shaky_camera',
    'h264_stream',
    'h265_stream',
    'low_frame_rate',
    'lost_frames',
    'outage',
)
PROFILES = ('cctv-6fps', 'night-ir', 'bodycam', 'low-bitrate')
SEVERITIES = (1, 2, 3, 4, 5)
TABLE_METRICS = ('HOTA', 'DetA', 'AssA', 'IDF1')
RECIPES = ('lqdancetrack', 'lqmot')
LAYOUTS = (
    'motrv2',
    'vse_mot',
    'deformable_detr',
    'hqtrack',
    'intern_image',
    'lg_mot',
    'lg_mot_without_prompts',
)
CHECKPOINTING = ('config', 'none', 'layers', 'frames')
MASK_FORMS = ('ours', 'published')
EXTRA_FORMATS = ('cvat', 'label-studio', 'yolo', 'csv', 'parquet')
FORMATS = ('mot', 'coco', 'mot-gt', *EXTRA_FORMATS)
READ_FORMATS = ('mot', 'coco', 'cvat')
BACKENDS = ('onnxruntime', 'onnxruntime-cuda', 'openvino', 'openvino-bf16', 'cuda-graphs')
DAMAGES = ('none', 'blank', 'frozen', 'corrupt', 'cut')
